import { cutText } from '../../../shared/cut-text'
import { UserError } from '../../../shared/errors'

/** Longest question, characters. */
const MOST_CHARACTERS = 100_000

/** Functions of SQLite that work out a value of their arguments and do nothing else. The binding has others, which read and write files. */
const FUNCTIONS = new Set(
  (
    'abs avg ceil ceiling changes char coalesce concat concat_ws count cume_dist date datetime dense_rank exp first_value floor format glob group_concat ' +
    'hex ifnull iif instr json json_array json_array_length json_each json_extract json_group_array json_group_object json_object json_quote json_tree ' +
    'json_type json_valid julianday lag last_value lead length like likelihood likely ln log log10 log2 lower lower_quartile ltrim max median min mod nth_value ntile ' +
    'nullif octet_length percent_rank pi pow power printf quote radians degrees random randomblob rank replace round row_number rtrim sign sin cos tan asin acos atan atan2 sinh cosh ' +
    'tanh sqrt square stdev strftime string_agg substr substring sum time timediff total trim trunc typeof unhex unicode unixepoch unlikely upper upper_quartile variance zeroblob ' +
    'generate_series reverse'
  ).split(' '),
)

/** Words after which a bracket opens without a call. */
const BEFORE_BRACKETS = new Set(
  (
    'select distinct all from where and or not in exists as on using values over filter partition by order group having limit offset union intersect except join ' +
    'inner left right full cross outer natural case when then else between like glob is null escape materialized recursive with cast collate window rows range groups ' +
    'preceding following returning end asc desc'
  ).split(' '),
)

/** Tables that the binding has beside the store's, some of them of the machine's files, and what SQLite keeps for itself. */
const FORBIDDEN =
  /^(fsdir|sqlite_(?!schema$|master$|temp_).*|fts\d.*|dbstat|carray|rtree.*|geopoly.*|pragma_.*|vector_top_k|sqlite3mc.*|libsql_.*)$/

/** What a question may begin with. */
const BEGINNINGS = new Set(['select', 'with', 'values'])

interface Word {
  readonly text: string
  readonly kind: 'name' | 'quoted' | 'other'
}

/**
 * Holds a question to SQL that only reads: one SELECT (or WITH, VALUES) that calls functions of a list and names no table of the machine's. The connection refuses to write all the same;
 * what it would let through are functions that write files. Which those are is asked of SQLite too (`checkCalls`), as this reads words and not what they come to.
 *
 * @throws UserError with what is not taken.
 */
export function checkQuestion(sql: string): void {
  if (sql.length > MOST_CHARACTERS)
    throw refused(`the question has ${sql.length} characters`, `at most ${MOST_CHARACTERS} are taken`)
  const words = wordsOf(sql)
  while (words[words.length - 1]?.text === ';') words.pop()
  const first = words[0]?.text.toLowerCase()
  if (first === undefined) throw refused('there is no question', 'ask one, such as SELECT id, name FROM runs')
  if (!BEGINNINGS.has(first))
    throw refused(
      `${cutText(words[0]!.text, 40).toUpperCase()} is not taken: the store is only read`,
      'begin with SELECT or WITH',
    )
  if (words.some(({ text }) => text === ';')) throw refused('that is more than one statement', 'ask one question at a time')
  words.forEach((word, at) => {
    const name = word.text.toLowerCase()
    if (word.kind !== 'other' && FORBIDDEN.test(name))
      throw refused(
        `"${cutText(word.text, 60)}" is none of the tables`,
        'docs/query.md lists them, and so does normlab query --tables',
      )
    const isCall = word.kind !== 'other' && words[at + 1]?.text === '('
    if (!isCall || FUNCTIONS.has(name) || (word.kind === 'name' && BEFORE_BRACKETS.has(name)) || namesColumns(words, at + 1))
      return
    throw refused(`the function ${cutText(word.text, 60)} is not taken`, 'use those of SQLite that work out a value')
  })
}

/** Whether the bracket holds the columns of a table that a WITH names: `steps_of(run, n) AS (`. */
function namesColumns(words: readonly Word[], open: number): boolean {
  let at = open + 1
  while (words[at] && words[at]!.text !== ')') {
    const isName = words[at]!.kind !== 'other'
    if (!isName && words[at]!.text !== ',') return false
    at++
  }
  const behind = words.slice(at + 1, at + 5).map(({ text }) => text.toLowerCase())
  // Behind a call, AS names a value: no bracket follows.
  return /^as (not )?(materialized )?\($/.test(behind.slice(0, behind.indexOf('(') + 1).join(' '))
}

/** Whether a question may call the function, by its name as SQLite has it: signs of JSON are functions there. */
export function mayBeCalled(name: string): boolean {
  return FUNCTIONS.has(name.toLowerCase()) || name === '->' || name === '->>'
}

/** The question with no bytes in its literals: what SQLite says of them as text is none, and the binding ends the process over it. */
export function withoutBytes(sql: string): string {
  return sql.replace(LITERALS, (text) => (/^x'/i.test(text) ? "x''" : text))
}

const LITERALS =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|(?<![\w$\u0080-\uffff])x'[^']*'|'(?:[^']|'')*'/gi

/** The words of SQL, without comments and with texts as one; a quoted name as what it names. */
function wordsOf(sql: string): Word[] {
  const words: Word[] = []
  let end = 0
  for (const match of sql.matchAll(WORDS)) {
    if (match.index > end && sql.slice(end, match.index).trim() !== '') break
    end = match.index + match[0].length
    const { comment, name, quoted, other } = match.groups!
    if (comment !== undefined) continue
    if (name !== undefined) words.push({ text: name, kind: 'name' })
    else if (quoted !== undefined) words.push({ text: unquoted(quoted), kind: 'quoted' })
    else if (other !== undefined) words.push({ text: other, kind: 'other' })
  }
  if (sql.slice(end).trim() !== '') throw refused('a quotation mark or a comment in it is not closed', 'close it')
  return words
}

/** SQLite's own words: sqlite.org/draft/tokenreq.html. */
const WORDS =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<name>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<other>'(?:[^']|'')*'|\d[\w.]*|(?!\/\*)[^\s\w"'`[])/g

function unquoted(text: string): string {
  const mark = text[0]!
  return mark === '['
    ? text.slice(1, -1)
    : text
        .slice(1, -1)
        .split(mark + mark)
        .join(mark)
}

const refused = (problem: string, remedy: string): UserError => new UserError(problem, { place: 'SQL', remedy })
