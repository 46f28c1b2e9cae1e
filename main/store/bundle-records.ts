import { signalLength } from '../../shared/norms/signal'
import { refusal } from './bundle-check'
import { type BundleColumns, MOST_STEPS } from './bundle-format'
import { MOST_CHECKPOINT_BYTES } from './bundle'
import type { Connection } from './connection'

/** What the numbers of a bundle must be: of the right kind, in the range of what they measure, and fitting one another. */

const size = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`

const MOST_ANNOTATIONS = 100_000
const MOST_CHECKPOINTS = 1001
/** The last millisecond that a date can be. */
const LAST_TIME = 8.64e15

/** A column, what SQL finds wrong in it, and what it has to be. */
interface Rule {
  readonly column: string
  readonly wrong: string
  readonly must: string
}

const whole = (column: string, least: number, most = MOST_STEPS): Rule => ({
  column,
  wrong: `typeof(${column}) <> 'integer' OR ${column} NOT BETWEEN ${least} AND ${most}`,
  must: `must be a whole number from ${least} to ${most}`,
})
/** NULL stands for what was not measured or is no number. */
const number = (column: string, most?: number): Rule => ({
  column,
  wrong:
    `typeof(${column}) NOT IN ('real', 'integer', 'null') OR ${column} < 0` +
    (most === undefined ? '' : ` OR ${column} > ${most}`),
  must: most === undefined ? 'must be a number of 0 or more' : `must be a number from 0 to ${most}`,
})
const anyNumber = (column: string): Rule => ({
  column,
  wrong: `typeof(${column}) NOT IN ('real', 'integer', 'null')`,
  must: 'must be a number',
})
const blob = (column: string, length: number): Rule => ({
  column,
  wrong: `typeof(${column}) <> 'blob' OR length(${column}) NOT IN (0, ${length})`,
  must: `must have ${length / 4} values, as its network has it`,
})
const optional = (rule: Rule): Rule => ({ ...rule, wrong: `${rule.column} IS NOT NULL AND (${rule.wrong})` })
const text = (column: string, most: number): Rule => ({
  column,
  wrong: `typeof(${column}) <> 'text' OR length(CAST(${column} AS BLOB)) > ${most}`,
  must: `must be a text of at most ${most} bytes`,
})

/**
 * Looks through all rows before any is taken.
 *
 * @param units How many the run's network has.
 * @param checkpointBytes The most that a checkpoint of it can take.
 * @param columns Those that the bundle has.
 * @param isElsewhere Whether the run was trained elsewhere, where a loss may be anything.
 * @throws UserError that names the table, the row and what is wrong with it.
 */
export function checkRecords(
  bundle: Connection,
  units: number,
  checkpointBytes: number,
  columns: BundleColumns,
  isElsewhere = false,
): void {
  const loss = isElsewhere ? anyNumber : number
  const [boundaries, values] = [4 * (units + 1), 4 * units]
  const at: Rule = { column: 'at', wrong: '', must: 'must be a time' }
  const tables: readonly [table: string, key: string, rules: readonly Rule[]][] = [
    [
      'steps',
      'step',
      [
        ...[whole('step', 1), whole('epoch', 1), loss('loss'), number('accuracy', 1), number('rate'), number('ms')],
        ...[number('gradient_norm'), blob('norms', boundaries), optional(blob('activations', boundaries))],
        ...[optional(blob('weights', values)), optional(blob('updates', values))],
        ...(columns.steps.includes('waited') ? [number('waited')] : []),
        ...(columns.steps.includes('signal') ? [optional(blob('signal', 4 * signalLength(units)))] : []),
      ],
    ],
    [
      'epochs',
      'epoch',
      [
        ...[whole('epoch', 1), whole('first_step', 0), whole('last_step', 0), whole('tested', 0, 1), loss('train_loss')],
        ...[number('train_accuracy', 1), loss('test_loss'), number('test_accuracy', 1), number('seconds')],
        ...['ratio_mean', 'ratio_min', 'ratio_max'].map((column) => blob(column, values)),
        ...(columns.epochs.includes('copies') ? [optional(whole('copies', 0)), number('other_accuracy', 1)] : []),
        {
          column: 'epoch',
          wrong: 'epoch > max(1, (SELECT coalesce(max(step), 0) FROM steps))',
          must: 'must have a step of its own',
        },
        { column: 'last_step', wrong: 'last_step < first_step', must: 'must not be before first_step' },
        {
          column: 'last_step',
          wrong: 'last_step > (SELECT coalesce(max(step), 0) FROM steps)',
          must: 'must be a step that the bundle has',
        },
      ],
    ],
    [
      'scalars',
      'step',
      [
        whole('step', 1),
        { ...at, wrong: `typeof(at) NOT IN ('real', 'integer', 'null') OR at NOT BETWEEN 0 AND ${LAST_TIME}` },
        { column: 'step', wrong: 'step NOT IN (SELECT step FROM steps)', must: 'must be one of the steps' },
      ],
    ],
    [
      'annotations',
      'rowid',
      [
        ...[whole('step', 0), optional(whole('unit', 0, units - 1)), text('text', 8000), text('at', 40)],
        { ...at, wrong: `julianday(at) IS NULL OR at NOT GLOB '[0-9][0-9][0-9][0-9]-*T*Z'` },
      ],
    ],
    [
      'checkpoints',
      'step',
      [
        whole('step', 0),
        {
          column: 'data',
          wrong: `typeof(data) <> 'blob' OR length(data) NOT BETWEEN 10 AND ${Math.min(checkpointBytes, MOST_CHECKPOINT_BYTES)}`,
          must: 'must be a checkpoint of its network, which takes from 10 bytes to ' + size(checkpointBytes),
        },
      ],
    ],
  ]
  for (const [table, key, rules] of tables) checkTable(bundle, table, key, rules)
  const counts = bundle.first(
    `SELECT (SELECT count(*) FROM steps) AS steps, (SELECT count(*) FROM scalars) AS scalars,
       (SELECT count(*) FROM annotations) AS annotations, (SELECT count(*) FROM checkpoints) AS checkpoints`,
  ) as Record<'steps' | 'scalars' | 'annotations' | 'checkpoints', number>
  if (counts.steps !== counts.scalars)
    throw refusal(bundle.file, `the table of scalars has ${counts.scalars} rows, that of steps ${counts.steps}`)
  if (counts.annotations > MOST_ANNOTATIONS) throw refusal(bundle.file, `there are more than ${MOST_ANNOTATIONS} annotations`)
  if (counts.checkpoints > MOST_CHECKPOINTS) throw refusal(bundle.file, `there are more than ${MOST_CHECKPOINTS} checkpoints`)
  checkNorms(bundle, columns)
}

/** @throws UserError that names the row and what is wrong with it. */
function checkTable(bundle: Connection, table: string, key: string, rules: readonly Rule[]): void {
  const first = (sql: string): Record<string, unknown> | undefined => bundle.first(sql) as Record<string, unknown> | undefined
  for (const { column, wrong, must } of [whole('rowid', 1, Number.MAX_SAFE_INTEGER), ...rules]) {
    const row = first(`SELECT CAST(rowid AS TEXT) AS place FROM ${table} WHERE ${wrong} ORDER BY rowid LIMIT 1`)
    if (row) throw refusal(bundle.file, `the table of ${table}, row ${String(row.place)}: ${column} ${must}`)
  }
  if (key === 'rowid') return
  const twice = first(`SELECT max(rowid) AS place, ${key} AS number FROM ${table} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`)
  if (twice)
    throw refusal(bundle.file, `the table of ${table}, row ${String(twice.place)}: ${key} ${String(twice.number)} is there twice`)
}

/**
 * Looks through the spectra of a bundle that has some.
 *
 * @param numbers How many each record has: those of the layers that the run's settings name.
 */
export function checkSpectra(bundle: Connection, numbers: number): void {
  checkTable(bundle, 'spectra', 'step', [
    ...[whole('step', 0), whole('skipped', 0), number('cpu_ms'), number('wall_ms')],
    {
      column: 'data',
      wrong: `typeof(data) <> 'blob' OR length(data) <> ${4 * numbers}`,
      must: `must have ${numbers} values, as the layers of its network have them`,
    },
    {
      column: 'step',
      wrong: 'step > (SELECT coalesce(max(step), 0) FROM steps)',
      must: 'must be a step that the bundle has, or 0',
    },
  ])
  checkNotNegative(bundle, 'spectra', ['data'])
}

/** Norms are not negative, in whatever table of steps they are; one that is no number is left as it is, as a run that diverged has it. */
function checkNorms(bundle: Connection, { steps }: BundleColumns): void {
  const arrays = ['norms', 'activations', 'weights', 'updates', 'signal']
  checkNotNegative(
    bundle,
    'steps',
    arrays.filter((column) => steps.includes(column)),
  )
}

function checkNotNegative(bundle: Connection, table: string, columns: readonly string[]): void {
  for (let last = 0; ;) {
    const rows = bundle.query(
      `SELECT rowid AS place, ${columns.map((column) => `${column} AS ${column}`).join(', ')} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT 256`,
      [last],
    ) as (Record<string, ArrayBuffer | null> & { place: never })[]
    for (const row of rows)
      for (const column of columns)
        if (row[column] && new Float32Array(row[column]).some((value) => value < 0))
          throw refusal(bundle.file, `the table of ${table}, row ${String(row.place)}: ${column} must be 0 or more`)
    const next = rows[rows.length - 1]?.place
    if (next === undefined) return
    last = next
  }
}
