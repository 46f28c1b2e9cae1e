import { findMeasure, measures } from '../../../shared/measures'
import type { Measure } from '../../../shared/measures/measure'
import { describe, momentWord } from '../../../shared/measures/values'
import { originWords, toldName } from '../../../shared/run-origin'
import { settingOf, type SettingValue } from '../../../shared/settings-text'
import { toldSetting } from '../../../shared/told-setting'
import { formatMoment } from '../../ui/format'
import { formatMeasure, headingOf } from '../../ui/format-measure'
import { RUN_STATES, shareDone, type Summary } from '../../run-list/run-state'

export type CellValue = SettingValue | null

export interface Column {
  readonly label: string
  /** More of what it is than the label says. */
  readonly hint?: string
  readonly value: (run: Summary) => CellValue
  /** Beneath the label: of which moment of a run its values are. */
  readonly moment?: string
  /** How a number is written; words are written as they are. */
  readonly format?: (value: number) => string
  /** What is read, where `value` serves the order alone. */
  readonly show?: (run: Summary) => string
  readonly width: number
  readonly measure?: Measure
}

/** Room for a heading on two lines (half of its letters, or its longest word) and for the longest number, `-1.72e-12`. */
function widthOf(label: string, moment: string): number {
  const longest = Math.max(...`${label} ${moment}`.split(' ').map(({ length }) => length))
  return Math.max(moment.length > 12 ? 104 : 80, Math.round(24 + 6.8 * Math.max(longest, label.length / 2 + 1)))
}

/** What a run measured; a setting's value at its last step is the setting's to tell. */
const MEASURE_COLUMNS: Readonly<Record<string, Column>> = Object.fromEntries(
  measures
    .filter(({ isExact }) => !isExact)
    .map((measure): [string, Column] => {
      const { name, form } = measure
      const label = headingOf(measure)
      const word = momentWord(measure)
      // What is of the whole run has no moment to tell.
      const moment = word === 'whole run' ? '' : word
      return [
        name,
        {
          ...{ label, moment, hint: describe(measure), measure, width: widthOf(label, moment) },
          value: (run) => run.measures[name],
          format: (value) => formatMeasure({ form }, value),
        },
      ]
    }),
)

/** What a run tells of itself, beside its settings. */
export const COLUMNS: Readonly<Record<string, Column>> = {
  name: { label: 'Name', value: (run) => run.name, width: 172 },
  state: { label: 'State', value: (run) => RUN_STATES[run.state].label, width: 108 },
  network: { label: 'Network', value: (run) => run.preset ?? toldName(run.network), width: 100 },
  data: { label: 'Data', value: (run) => toldName(run.dataset), width: 80 },
  ...MEASURE_COLUMNS,
  spark: { label: 'Loss over steps', value: (run) => run.last.loss, width: 96 },
  progress: {
    label: 'Progress',
    // Of a run whose length is not known yet there is no share.
    value: (run) => (run.progress.steps > 0 ? shareDone(run) : null),
    format: (value) => `${Math.floor(value * 100)} %`,
    width: 92,
  },
  tags: { label: 'Tags', value: (run) => run.tags.join(', '), width: 120 },
  note: { label: 'Note', value: (run) => run.note, width: 140 },
  experiment: { label: 'Experiment', value: (run) => run.experiment, width: 90 },
  seed: { label: 'Seed', value: (run) => (run.origin && settingOf(run, 'seed') === null ? null : run.seed), width: 56 },
  origin: { label: 'Trained by', value: (run) => (run.origin ? originWords(run.origin) : 'NormLab'), width: 130 },
  device: { label: 'Device', value: (run) => run.device, width: 130 },
  id: { label: 'No.', value: (run) => run.id, width: 48 },
  // The younger a run, the less of it; an imported one is as old as where it comes from.
  age: { label: 'Age', value: (run) => -Date.parse(run.createdAt), show: (run) => formatMoment(run.createdAt), width: 92 },
}

export const DEFAULT_COLUMNS: readonly string[] = [
  ...['name', 'state', 'network', 'blocks', 'trainLoss', 'testAccuracy', 'deviation', 'chainRatio', 'spark', 'progress', 'age'],
]

/** Columns of the default that go first where there is no room for all. */
const FIRST_TO_GO = ['network', 'progress', 'blocks', 'trainLoss', 'spark', 'chainRatio', 'deviation']

/**
 * The columns that a table as wide as this shows: the default ones as far as there is room. Who chose columns gets them all.
 *
 * @param width Pixels; 0 where it is not known yet.
 */
export function fittingColumns(columns: readonly string[], width: number, widthOfColumn: (key: string) => number): string[] {
  const isDefault = columns.length === DEFAULT_COLUMNS.length && columns.every((key, i) => key === DEFAULT_COLUMNS[i])
  const shown = [...columns]
  const needed = (): number => shown.reduce((sum, key) => sum + widthOfColumn(key), 0)
  if (isDefault && width > 0)
    for (const key of FIRST_TO_GO) {
      if (needed() <= width) break
      shown.splice(shown.indexOf(key), 1)
    }
  return shown
}

/** A column by its key, or a setting by its path. Keys come from what was kept, and may be anything. */
export function columnOf(key: string): Column {
  if (isColumn(key)) return COLUMNS[ownKey(key)]!
  const label = key.replace(/^(training|execution)\./, '')
  return {
    label,
    value: (run) => settingOf(run, key),
    show: (run) => toldSetting(run, key),
    width: Math.min(180, 40 + label.length * 8),
  }
}

/** Whether a key is a column's own, or another word for its measure; what every object inherits is none. */
export function isColumn(key: string): boolean {
  return Object.prototype.hasOwnProperty.call(COLUMNS, ownKey(key))
}

/** What was kept may have a measure's older name. */
function ownKey(key: string): string {
  return findMeasure(key)?.name ?? key
}

/** Whether a column's numbers are shares, 0 to 1, that are written as per cent. */
export function isShare({ format }: Column): boolean {
  return format?.(0.5).includes('%') ?? false
}

export function valueIn(run: Summary, key: string): CellValue {
  return columnOf(key).value(run)
}

/** A cell as it is read. */
export function textIn(run: Summary, key: string): string {
  const { value, format, show } = columnOf(key)
  if (show) return show(run)
  const found = value(run)
  if (found === null || found === '') return '–'
  return typeof found === 'number' && format ? format(found) : String(found)
}

/** Letters of a name that a table makes room for; longer ones are cut in their middle. */
const LONGEST_NAME = 34

/** Room that the names want beside mark and number, pixels; where it is free they have more. */
export function widthOfNames(runs: readonly Summary[]): number {
  const longest = runs.reduce((most, { name }) => Math.max(most, name.length), 0)
  return Math.max(COLUMNS.name!.width, 76 + Math.round(7.4 * Math.min(longest, LONGEST_NAME)))
}

/** Every column that there is for these runs. */
export function allColumns(runs: readonly Summary[]): string[] {
  const paths = new Set(runs.flatMap(({ settings }) => Object.keys(settings)))
  return [...Object.keys(COLUMNS), ...[...paths].filter((path) => !isColumn(path)).sort()]
}
