import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import Database from 'libsql'
import type { Random } from '../../../shared/random'

/** Ways to spoil an SQLite file, by hand or by accident. Each changes the file in place, and is told by the words that it returns. */
export type Mutation = (file: string, random: Random) => string

const pick = <T>(random: Random, of: readonly T[]): T => of[random.integer(of.length)]!

/** SQL of values that no column expects. */
const VALUES = [
  "CAST(x'41fffe42' AS TEXT)",
  "CAST(x'ff' AS TEXT)",
  '9007199254740993',
  '-9223372036854775808',
  '9223372036854775807',
  '-1',
  '0',
  '1e308',
  '9e999',
  'NULL',
  "''",
  "'{'",
  "'[]'",
  "'{}'",
  "'null'",
  "'[1,2,3]'",
  "'flying'",
  "x''",
  "x'00'",
  "x'00000000'",
  'zeroblob(4000)',
  'zeroblob(4001)',
  "replace(hex(zeroblob(20000)), '0', 'long ')",
  "replace(hex(zeroblob(2000)), '00', '[')",
  "'a' || char(0) || 'b'",
]

/** Runs SQL with all of SQLite's guards off; what it refuses is left as it is. */
function execute(file: string, ...statements: string[]): string {
  const database = new Database(file)
  try {
    for (const sql of [
      'PRAGMA foreign_keys = OFF',
      'PRAGMA ignore_check_constraints = ON',
      'PRAGMA writable_schema = ON',
      ...statements,
    ])
      try {
        database.exec(sql)
      } catch {
        // This one has no effect.
      }
  } finally {
    database.close()
  }
  return statements.join('; ').slice(0, 300)
}

function tables(file: string): Map<string, string[]> {
  const database = new Database(file)
  try {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all() as {
      name: string
    }[]
    return new Map(
      names.map(({ name }) => [
        name,
        (database.prepare(`SELECT name FROM pragma_table_xinfo('${name}')`).all() as { name: string }[]).map(
          (column) => column.name,
        ),
      ]),
    )
  } finally {
    database.close()
  }
}

/** A value of any kind in any column, also where the table's declaration forbids it. */
const wrongValue: Mutation = (file, random) => {
  const all = tables(file)
  const table = pick(random, [...all.keys()])
  const column = pick(random, all.get(table)!)
  const where = random.uniform() < 0.5 ? '' : ` WHERE rowid = (SELECT max(rowid) FROM ${table})`
  const schema = (from: string, to: string): string =>
    `UPDATE sqlite_schema SET sql = replace(sql, '${from}', '${to}') WHERE name = '${table}'`
  if (random.uniform() < 0.7) execute(file, schema(') STRICT', ') /*RICT*/'), schema(' NOT NULL', ' /*  N*/'))
  const told = execute(file, `UPDATE OR IGNORE ${table} SET ${column} = ${pick(random, VALUES)}${where}`)
  execute(file, schema(') /*RICT*/', ') STRICT'), schema(' /*  N*/', ' NOT NULL'))
  return told
}

/** Something else within a JSON column. */
const wrongJson: Mutation = (file, random) => {
  const places = [
    ...[
      '$.version',
      '$.name',
      '$.state',
      '$.units',
      '$.units[0].kind',
      '$.units[0].shape',
      '$.notices',
      '$.problem',
      '$.steps',
      '$.note',
    ],
    ...[
      '$.configuration',
      '$.configuration.training.batch',
      '$.configuration.training.flux',
      '$.configuration.network.nodes',
      '$.tags',
    ],
    ...[
      '$.training.rate',
      '$.training.epochs',
      '$.network',
      '$.network.nodes[0]',
      '$.seed',
      '$.data.name',
      '$.createdAt',
      '$.versions',
      '$.x',
    ],
  ]
  const all = tables(file)
  const [table, column] = all.has('manifest')
    ? ['manifest', 'json']
    : pick(random, [
        ['runs', 'configuration'],
        ['runs', 'units'],
        ['runs', 'notices'],
        ['experiments', 'definition'],
        ['library', 'document'],
      ])
  return execute(file, `UPDATE ${table} SET ${column} = json_set(${column}, '${pick(random, places)}', ${pick(random, VALUES)})`)
}

/** Text within JSON that is no UTF-8. */
const noText: Mutation = (file, random) => {
  const column = tables(file).has('manifest')
    ? ['manifest', 'json']
    : ['runs', pick(random, ['configuration', 'name', 'versions', 'note', 'units'])]
  const letter = pick(random, ['e', 'a', 'o', 's', '1', '"'])
  return execute(
    file,
    `UPDATE ${column[0]} SET ${column[1]} = replace(${column[1]}, '${letter}', CAST(x'${pick(random, ['ff', 'c3', 'eda080'])}' AS TEXT))`,
  )
}

const rows: Mutation = (file, random) => {
  const all = tables(file)
  const table = pick(random, [...all.keys()])
  const columns = all.get(table)!.filter((column) => column !== 'id')
  return execute(
    file,
    pick(random, [
      `DELETE FROM ${table}`,
      `DELETE FROM ${table} WHERE rowid % 2 = 0`,
      `INSERT OR IGNORE INTO ${table} SELECT * FROM ${table}`,
      `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) SELECT ${columns.map((name, i) => (i === 0 ? '99' : name)).join(', ')} FROM ${table}`,
      `UPDATE ${table} SET rowid = 9223372036854775807 WHERE rowid = (SELECT max(rowid) FROM ${table})`,
      `UPDATE OR IGNORE ${table} SET rowid = -5 WHERE rowid = 1`,
      `UPDATE steps SET step = 9007199254740993 WHERE step = (SELECT max(step) FROM steps)`,
      `UPDATE steps SET step = step + 9007199254740990`,
      `UPDATE sqlite_sequence SET seq = 9223372036854775807`,
    ]),
  )
}

const schema: Mutation = (file, random) => {
  const table = pick(random, [...tables(file).keys()])
  const change = (sql: string): string => `UPDATE sqlite_schema SET ${sql} WHERE name = '${table}'`
  return execute(
    file,
    pick(random, [
      'CREATE VIEW more AS SELECT 1',
      `CREATE TRIGGER act AFTER INSERT ON ${table} BEGIN DELETE FROM ${table}; END`,
      `CREATE TRIGGER grow AFTER UPDATE ON runs BEGIN INSERT INTO settings VALUES (random(), zeroblob(100000000)); END`,
      `ALTER TABLE ${table} ADD COLUMN extra`,
      `ALTER TABLE ${table} ADD COLUMN big AS (zeroblob(500000000))`,
      `ALTER TABLE ${table} RENAME TO other`,
      `DROP TABLE ${table}`,
      `CREATE INDEX wide ON ${table} (rowid)`,
      'CREATE TABLE foreign_table (x)',
      'CREATE VIRTUAL TABLE words USING fts5(text)',
      change("sql = replace(sql, 'norms BLOB NOT NULL', 'norms BLOB AS (zeroblob(900000000))')"),
      change("sql = replace(sql, ',norms', ', norms AS (zeroblob(900000000))')"),
      change("sql = replace(sql, 'note TEXT', 'note TEXT AS (printf(''%.*c'', 900000000, ''x''))')"),
      change("sql = CAST(x'435245415445ff' AS TEXT)"),
      change("sql = replace(sql, 'step', CAST(x'73ff6570' AS TEXT))"),
      change("sql = 'CREATE TABLE'"),
      change('sql = NULL'),
      change("name = CAST(x'ff' AS TEXT)"),
      change('rootpage = 1'),
      change('rootpage = 999999'),
      change('rootpage = (SELECT max(rootpage) FROM sqlite_schema)'),
      change("type = 'view'"),
      'DELETE FROM sqlite_schema',
      'PRAGMA user_version = 99',
      'PRAGMA user_version = 0',
      'PRAGMA user_version = 1',
      'PRAGMA user_version = -3',
      'PRAGMA application_id = 7',
      'PRAGMA journal_mode = WAL',
    ]),
  )
}

/** Changes the file's bytes. */
function bytes(change: (whole: Buffer, random: Random) => { bytes: Buffer; told: string }): Mutation {
  return (file, random) => {
    const { bytes, told } = change(readFileSync(file), random)
    rmSync(`${file}-wal`, { force: true })
    writeFileSync(file, bytes)
    return told
  }
}

const flips = bytes((whole, random) => {
  const count = 1 + random.integer(pick(random, [1, 4, 30, 300]))
  const places = Array.from({ length: count }, () => random.integer(whole.length))
  for (const place of places) whole[place] = random.integer(256)
  return { bytes: whole, told: `${count} bytes from ${places[0]} on` }
})

/** Where SQLite keeps what it goes by: the header, and the heads of pages. */
const heads = bytes((whole, random) => {
  const page = random.integer(Math.max(1, Math.floor(whole.length / 4096)))
  const place = page * 4096 + (page === 0 ? random.integer(116) : random.integer(40))
  whole[place] = pick(random, [0, 1, 2, 13, 255, random.integer(256)])
  return { bytes: whole, told: `byte ${place} is ${whole[place]}` }
})

const cut = bytes((whole, random) => {
  const at = pick(random, [0, 1, 99, 100, 512, 4096, random.integer(whole.length), whole.length - 1])
  return { bytes: whole.subarray(0, at), told: `cut at ${at}` }
})

const page = bytes((whole, random) => {
  const pages = Math.max(1, Math.floor(whole.length / 4096))
  const [from, to] = [random.integer(pages) * 4096, random.integer(pages) * 4096]
  if (random.uniform() < 0.5) whole.copyWithin(to, from, from + 4096)
  else whole.fill(pick(random, [0, 255]), to, to + 4096)
  return { bytes: whole, told: `page at ${to} replaced` }
})

const alien = bytes((_, random) => {
  const told = pick(random, ['nothing', '{}', 'no database at all '.repeat(500), 'SQLite format 3\0', '\0'.repeat(8192)])
  return { bytes: Buffer.from(told === 'nothing' ? '' : told), told: `something else: ${told.slice(0, 20)}` }
})

const grown = bytes((whole, random) => ({
  bytes: Buffer.concat([whole, Buffer.alloc(4096 * random.integer(20), random.integer(256))]),
  told: 'more behind its end',
}))

/** How often each is drawn. */
const weighted: readonly (readonly [Mutation, number])[] = [
  ...([
    [wrongValue, 8],
    [wrongJson, 5],
    [noText, 3],
    [rows, 4],
    [schema, 6],
    [flips, 6],
    [heads, 4],
  ] as const),
  ...([
    [cut, 2],
    [page, 3],
    [alien, 1],
    [grown, 1],
  ] as const),
]
const drawn = weighted.flatMap(([mutation, weight]) => Array<Mutation>(weight).fill(mutation))

/** Spoils a file in one way, or in two. */
export function spoil(file: string, random: Random): string {
  const told: string[] = []
  for (let left = random.uniform() < 0.8 ? 1 : 2; left > 0; left--)
    try {
      told.push(pick(random, drawn)(file, random))
    } catch (error) {
      told.push(`(${String(error)})`)
    }
  return told.join(' and ')
}
