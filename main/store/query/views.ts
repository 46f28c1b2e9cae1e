import { stepMeasures } from '../../../shared/measures'

/** A column of a view, with what docs/query.md says of it. */
export interface QueryColumn {
  readonly name: string
  /** What it is made of in the view's question; of the same name where absent. */
  readonly sql?: string
  readonly says: string
}

export interface QueryView {
  readonly name: string
  readonly says: string
  readonly columns: readonly QueryColumn[]
  /** All after the columns: `FROM main.runs …`. */
  readonly rest: string
  /** Made before it, for its own use. */
  readonly before?: string
}

/**
 * The tables that a question in SQL sees: views over the store, whose names and columns stay as they are while the tables beneath them change. docs/query.md is
 * held to them by a test. A column is only ever added.
 */

/** What a run that is not deleted has. */
const THERE = 'IN (SELECT id FROM main.runs WHERE deleted_at IS NULL)'

/**
 * A row of one whole number: the little-endian bits of a blob's bytes, one float or two, the first one lowest. Digits are read by JSON5 alone, as text from behind, so that bytes are in order and
 * digits within them are not: `bitsOf` turns those. It is a table and no function since SQLite works out what a column stands for anew wherever it is named.
 *
 * @param at The first byte's place, from 0.
 */
const digitsOf = (blob: string, at: string, bytes: 4 | 8): string =>
  `json_each('0x' || reverse(hex(substr(${blob}, 1 + ${at}, ${bytes}))))`
const LOW_DIGITS = '0x0f0f0f0f0f0f0f0f'
/** The bits of the table `name` that `digitsOf` makes. */
const bitsOf = (name: string): string => `(((${name}.value & ${LOW_DIGITS}) << 4) | ((${name}.value >> 4) & ${LOW_DIGITS}))`

/** All but the sign: zero has none of them. */
const SIZE = '0x7fffffff'

/**
 * IEEE 754 single precision from its bits, to the digit: sign, eight bits of exponent, 23 of the fraction. NaN is NULL, as in all columns of the store; 9e999 is
 * how SQLite writes infinity.
 */
const floatOf = (bits: string): string =>
  `iif(${bits} & 0x80000000, -1.0, 1.0) * CASE ${bits} & 0x7f800000
     WHEN 0x7f800000 THEN iif(${bits} & 0x7fffff, NULL, 9e999)
     WHEN 0 THEN (${bits} & 0x7fffff) * 1.401298464324817e-45
     ELSE ((${bits} & 0x7fffff) | 0x800000) * power(2, ((${bits} >> 23) & 255) - 150) END`

/** ‖g_l‖/‖g_{l+1}‖ of their bits, as shared/norms/ratio.ts has it: x/0 is infinite, 0/0 is none. */
const quotient = (over: string, under: string): string =>
  `CASE WHEN ${under} & ${SIZE} THEN (${floatOf(over)}) / (${floatOf(under)}) WHEN (${over} & ${SIZE}) > 0x7f800000 THEN NULL WHEN ${over} & ${SIZE} THEN 9e999 END`

/** Rows of one blob each, a row a float. */
const floatsOf = (blob: string): string => `generate_series(0, length(${blob}) / 4 - 1) AS i`

/** Units of a stored signal, which has 3 a unit and 2; see shared/norms/signal.ts. */
const SIGNAL_UNITS = '((length(s.signal) / 4 - 2) / 3)'

const unitName = "json_extract(r.units, '$[' || i.value || '].name')"
const unitKind = "json_extract(r.units, '$[' || i.value || '].kind')"

const own = (name: string, says: string): QueryColumn => ({ name, says })

export const queryViews: readonly QueryView[] = [
  {
    name: 'runs',
    says: 'A row a run; those that were deleted are in no table.',
    columns: [
      own('id', 'the run’s number'),
      own('name', 'its name'),
      own('state', 'queued, running, paused, interrupted, stopped, failed or done'),
      own('network', 'name of the network'),
      own('preset', 'the words that say the network, NULL for a document of its own'),
      own('dataset', 'name of the data set'),
      own('seed', 'of all that is drawn'),
      own('parameters', 'numbers that are learnt'),
      { name: 'units', sql: 'json_array_length(units)', says: 'blocks, transitions and the stem, together' },
      own('device', 'what it trained on'),
      { name: 'planned_steps', sql: 'steps', says: 'as many as it shall have, 0 where not known yet' },
      own('steps_per_epoch', '0 where not known yet'),
      {
        name: 'steps',
        sql: '(SELECT count(*) FROM main.scalars AS s WHERE s.run = main.runs.id)',
        says: 'steps that are stored',
      },
      own('created_at', 'ISO 8601, UTC, as the other times'),
      own('started_at', 'NULL before'),
      own('ended_at', 'NULL before'),
      { name: 'starred', says: '0 or 1' },
      { name: 'archived', says: '0 or 1' },
      own('note', 'what somebody wrote about it'),
      own('tags', 'a JSON list of texts'),
      own('experiment', 'number of the experiment, NULL where of none'),
      own('cell', 'JSON: labels of its place in the experiment, and the seed'),
      { name: 'configuration', says: "JSON of all settings: `configuration ->> '$.training.batch'`" },
    ],
    rest: 'FROM main.runs WHERE deleted_at IS NULL',
  },
  {
    name: 'units',
    says: 'A row a unit of a run: a block, a transition or the stem, in forward order.',
    columns: [
      { name: 'run', sql: 'r.id', says: 'the run’s number' },
      { name: 'unit', sql: 'i.key + 1', says: 'from 1' },
      { name: 'name', sql: "i.value ->> '$.name'", says: 'such as stage2.block1' },
      { name: 'kind', sql: "i.value ->> '$.kind'", says: 'stem, block or transition' },
      { name: 'shape', sql: "i.value ->> '$.shape'", says: 'JSON of the shape that enters it: height, width, channels' },
    ],
    rest: 'FROM main.runs AS r, json_each(r.units) AS i WHERE r.deleted_at IS NULL',
  },
  {
    name: 'steps',
    says: 'A row a step of a run, with its measures.',
    columns: [
      own('run', 'the run’s number'),
      own('step', 'the how-manieth update, from 1'),
      own('epoch', 'from 1'),
      ...stepMeasures.map(({ step, label }) => ({ name: step.column, says: label })),
    ],
    rest: `FROM main.scalars WHERE run ${THERE}`,
  },
  {
    name: 'epochs',
    says: 'A row an epoch of a run.',
    columns: [
      own('run', 'the run’s number'),
      own('epoch', 'from 1'),
      own('first_step', 'of the epoch'),
      own('last_step', 'of the epoch'),
      own('train_loss', 'mean over its steps, nats'),
      own('train_accuracy', 'mean over its steps, 0–1'),
      own('test_loss', 'on the test split, nats; NULL where not tested'),
      own('test_accuracy', '0–1; NULL where not tested'),
      own('seconds', 'of wall time, with the test'),
      own('measured', 'steps whose norms were measured'),
    ],
    rest: `FROM main.epochs WHERE run ${THERE}`,
  },
  {
    name: 'epoch_ratios',
    says: 'A row an epoch and unit: the ratio over the epoch’s steps, those that are finite.',
    columns: [
      { name: 'run', sql: 'e.run', says: 'the run’s number' },
      { name: 'epoch', sql: 'e.epoch', says: 'from 1' },
      { name: 'unit', sql: 'i.value + 1', says: 'from 1, in forward order' },
      { name: 'name', sql: unitName, says: 'such as stage2.block1' },
      { name: 'kind', sql: unitKind, says: 'stem, block or transition' },
      ...(['mean', 'min', 'max'] as const).map((name) => ({
        name,
        sql: floatOf(bitsOf(`the_${name}`)),
        says: { mean: 'of the ratio', min: 'the smallest', max: 'the largest' }[name],
      })),
    ],
    rest: `FROM main.epochs AS e JOIN main.runs AS r ON r.id = e.run, ${floatsOf('e.ratio_mean')},
      ${['mean', 'min', 'max'].map((name) => `${digitsOf(`e.ratio_${name}`, '4 * i.value', 4)} AS the_${name}`).join(', ')} WHERE r.deleted_at IS NULL`,
  },
  {
    name: 'norms',
    says: 'A row a step and boundary: the norm of the loss’s gradient there. Unpacked as it is asked for, so say which run and which steps.',
    before: `CREATE TEMP VIEW norm_bits AS SELECT s.run AS run, s.step AS at_step, i.value + 1 AS boundary, ${bitsOf('d')} AS bits
      FROM main.steps AS s, ${floatsOf('s.norms')}, ${digitsOf('s.norms', '4 * i.value', 4)} AS d WHERE s.run ${THERE}`,
    columns: [
      own('run', 'the run’s number'),
      { name: 'step', sql: 'at_step', says: 'from 1' },
      own('boundary', 'from 1 in forward order; unit l lies between boundaries l and l + 1'),
      { name: 'norm', sql: floatOf('bits'), says: '‖dE/dx‖₂ over the minibatch; NULL where it is none' },
    ],
    rest: 'FROM norm_bits',
  },
  {
    name: 'ratios',
    says: 'A row a step and unit: how much of the gradient’s norm the unit hands back. Unpacked as it is asked for, like norms.',
    before: `CREATE TEMP VIEW ratio_bits AS SELECT s.run AS run, s.step AS at_step, i.value + 1 AS unit, ${unitName} AS name, ${unitKind} AS kind,
      ${bitsOf('d')} AS over, ${bitsOf('d')} >> 32 AS under
      FROM main.steps AS s JOIN main.runs AS r ON r.id = s.run, generate_series(0, length(s.norms) / 4 - 2) AS i,
      ${digitsOf('s.norms', '4 * i.value', 8)} AS d WHERE r.deleted_at IS NULL`,
    columns: [
      own('run', 'the run’s number'),
      { name: 'step', sql: 'at_step', says: 'from 1' },
      own('unit', 'from 1, in forward order'),
      own('name', 'such as stage2.block1'),
      own('kind', 'stem, block or transition'),
      { name: 'ratio', sql: quotient('over', 'under'), says: '‖g_l‖₂/‖g_{l+1}‖₂; NULL for 0/0 and where a norm is none' },
    ],
    rest: 'FROM ratio_bits',
  },
  {
    name: 'signals',
    says: 'A row a step that looked at the signal on its way forward, and boundary. Unpacked as it is asked for, like norms.',
    before: `CREATE TEMP VIEW signal_bits AS SELECT s.run AS run, s.step AS at_step, i.value + 1 AS boundary,
      ${bitsOf('q')} AS squares, ${bitsOf('v')} AS variances, iif(i.value < ${SIGNAL_UNITS}, ${bitsOf('b')}, 0x7fc00000) AS branches
      FROM main.steps AS s, generate_series(0, ${SIGNAL_UNITS}) AS i, ${digitsOf('s.signal', '4 * i.value', 4)} AS q,
      ${digitsOf('s.signal', `4 * (i.value + 1 + ${SIGNAL_UNITS})`, 4)} AS v,
      ${digitsOf('s.signal', `4 * (iif(i.value < ${SIGNAL_UNITS}, i.value, 0) + 2 + 2 * ${SIGNAL_UNITS})`, 4)} AS b WHERE s.signal IS NOT NULL AND s.run ${THERE}`,
    columns: [
      own('run', 'the run’s number'),
      { name: 'step', sql: 'at_step', says: 'from 1' },
      own('boundary', 'from 1 in forward order; unit l lies between boundaries l and l + 1'),
      { name: 'mean_square', sql: floatOf('squares'), says: 'of what enters the unit' },
      { name: 'variance', sql: floatOf('variances'), says: 'mean over its channels' },
      {
        name: 'branch_variance',
        sql: floatOf('branches'),
        says: 'the same where the unit’s branch ends; NULL for a unit without one, and at the last boundary',
      },
    ],
    rest: 'FROM signal_bits',
  },
  {
    name: 'experiments',
    says: 'A row an experiment.',
    columns: [
      own('id', 'the experiment’s number'),
      { name: 'name', sql: "definition ->> '$.name'", says: 'its name' },
      { name: 'claim', sql: "definition ->> '$.claim'", says: 'what it tests' },
      own('created_at', 'ISO 8601, UTC'),
      {
        name: 'runs',
        sql: '(SELECT count(*) FROM main.runs AS r WHERE r.experiment = main.experiments.id AND r.deleted_at IS NULL)',
        says: 'how many runs there are of it',
      },
      own('definition', 'JSON of all that it says: axes, seeds, base'),
    ],
    rest: 'FROM main.experiments',
  },
  {
    name: 'cells',
    says: 'A row a run of an experiment and axis of it: which of the axis’s values the run has.',
    columns: [
      { name: 'experiment', sql: 'r.experiment', says: 'the experiment’s number' },
      { name: 'run', sql: 'r.id', says: 'the run’s number' },
      { name: 'axis', sql: "x.definition ->> ('$.axes[' || i.key || '].name')", says: 'the axis’s name, such as depth' },
      { name: 'label', sql: 'i.value', says: 'of the value that the run has' },
      { name: 'seed', sql: "r.cell ->> '$.seed'", says: 'the run’s seed' },
    ],
    rest: "FROM main.runs AS r JOIN main.experiments AS x ON x.id = r.experiment, json_each(r.cell, '$.labels') AS i WHERE r.deleted_at IS NULL",
  },
  {
    name: 'notes',
    says: 'A row a remark that somebody put at a step of a run.',
    columns: [
      own('run', 'the run’s number'),
      own('step', 'that it is put at'),
      { name: 'unit', sql: 'unit + 1', says: 'from 1; NULL where it is about none' },
      own('text', 'what it says'),
      own('at', 'ISO 8601, UTC'),
    ],
    rest: `FROM main.annotations WHERE run ${THERE}`,
  },
  {
    name: 'networks',
    says: 'A row a network or block of the library.',
    columns: [
      own('id', 'the item’s number'),
      own('name', 'its name'),
      { name: 'kind', sql: "iif(document ->> '$.format' = 'normlab/block', 'block', 'network')", says: 'network or block' },
      own('created_at', 'ISO 8601, UTC'),
      own('changed_at', 'ISO 8601, UTC'),
      own('document', 'JSON of the document'),
    ],
    rest: 'FROM main.library WHERE deleted_at IS NULL',
  },
]

/** The statements that make the views in a connection's own temporary schema. */
export function viewStatements(): string[] {
  return queryViews.flatMap(({ name, columns, rest, before }) => {
    const cells = columns.map((column) => `${column.sql ?? column.name} AS "${column.name}"`)
    const view = `CREATE TEMP VIEW "${name}" AS SELECT ${cells.join(', ')} ${rest}`
    return before === undefined ? [view] : [before, view]
  })
}
