import type { RunSummary } from '../../shared/api'
import { differingSettings } from '../../shared/differing-settings'
import { testedOn } from '../../shared/data-splits'
import { type MeasureName, runMeasures } from '../../shared/measures'
import type { Measure } from '../../shared/measures/measure'
import { momentWord, titleWithUnit } from '../../shared/measures/values'
import { repeatsOf, type Repeats } from '../../shared/repeats'
import { runNumber } from '../../shared/run-labels'
import type { SeedDifference } from '../../shared/seed-differences'
import { DIFFERENCE_COLUMNS, differenceRows, differencesSay } from '../../shared/seed-differences-table'
import { type SeedGroup, seedGroups, seedWords } from '../../shared/seed-groups'
import type { CsvContent } from '../../shared/csv'
import { settingOf } from '../../shared/settings-text'
import { toldSetting } from '../../shared/told-setting'
import { measuredDifference, measuredRepeats, table } from '../text/format'

/** Runs that differ in nothing but the seed, as one, with mean and sample deviation of what they measured. */
export interface OverSeeds {
  readonly group: SeedGroup<RunSummary>
  /** The settings in which the groups differ. */
  readonly settings: Readonly<Record<string, string | number | boolean | null>>
  readonly measures: Readonly<Record<MeasureName, Repeats | null>>
}

export function overSeeds(runs: readonly RunSummary[]): OverSeeds[] {
  const groups = seedGroups(runs)
  const paths = differingSettings(groups.map(({ runs: [first] }) => first!)).filter((path) => path !== 'seed')
  return groups.map((group) => ({
    group,
    settings: Object.fromEntries(paths.map((path) => [path, settingOf(group.runs[0]!, path)])),
    measures: Object.fromEntries(
      runMeasures.map(({ name }) => [name, repeatsOf(group.samples.map((run) => run.measures[name]))]),
    ) as Record<MeasureName, Repeats | null>,
  }))
}

const splitsOfGroups = (groups: readonly OverSeeds[]): readonly string[] => testedOn(groups.flatMap(({ group }) => group.runs))

/** A column a group, or a line where there are many. */
export function overSeedsTable(groups: readonly OverSeeds[]): string {
  const isWide = groups.length > 4
  const paths = Object.keys(groups[0]?.settings ?? {})
  const splits = splitsOfGroups(groups)
  const rows = [
    ['runs', ...groups.map(({ group }) => group.runs.map(({ id }) => runNumber(id)).join(' '))],
    ['network', ...groups.map(({ group }) => group.runs[0]!.preset ?? group.runs[0]!.network)],
    ['n', ...groups.map(({ group }) => String(group.samples.length))],
    ['seeds', ...groups.map(({ group }) => seedWords(group.runs))],
    ...paths.map((path) => [path, ...groups.map(({ group }) => toldSetting(group.runs[0]!, path))]),
    ...runMeasures
      .filter(({ isMain }) => isMain || !isWide)
      .map((measure) => [
        `${titleWithUnit(measure, splits)} (${momentWord(measure)})`,
        ...groups.map(({ group, measures }) => spread(measure, measures[measure.name], group.samples.length)),
      ]),
  ]
  return table(!isWide ? rows : rows[0]!.map((_, column) => rows.map((row) => row[column]!)))
}

/** With n where some of the runs have no value. */
function spread(measure: Measure, repeats: Repeats | null, runs: number): string {
  return `${measuredRepeats(measure, repeats)}${repeats && repeats.count < runs ? ` (n = ${repeats.count})` : ''}`
}

/** As JSON has a group: mean, deviation (null of one) and n of each measure. */
export function overSeedsFields({ group: { runs, samples }, settings, measures }: OverSeeds): object {
  const told = (repeats: Repeats | null): object => ({
    ...{ mean: repeats?.mean ?? null, deviation: repeats?.deviation ?? null, n: repeats?.count ?? 0 },
  })
  return {
    ...{ runs: runs.map(({ id }) => id), seeds: runs.map(({ seed }) => seed), n: samples.length },
    ...{ network: runs[0]!.preset ?? runs[0]!.network, settings },
    measures: Object.fromEntries(Object.entries(measures).map(([name, repeats]) => [name, told(repeats)])),
  }
}

/** A line a group; each measure as mean, deviation and n. */
export function overSeedsCsv(groups: readonly OverSeeds[]): CsvContent {
  const [first] = groups
  const paths = Object.keys(first?.settings ?? {})
  return {
    columns: [
      ...['runs', 'network', 'n', 'seeds', ...paths],
      ...runMeasures
        .map((measure) => titleWithUnit(measure, splitsOfGroups(groups)))
        .flatMap((title) => [`${title}, mean`, `${title}, deviation`, `${title}, n`]),
    ],
    rows: groups.map(({ group: { runs, samples }, settings, measures }) => [
      ...[runs.map(({ id }) => id).join(' '), runs[0]!.preset ?? runs[0]!.network, samples.length],
      ...[runs.map(({ seed }) => seed).join(' '), ...paths.map((path) => settings[path])],
      ...runMeasures.flatMap(({ name }) => [measures[name]?.mean, measures[name]?.deviation, measures[name]?.count ?? 0]),
    ]),
  }
}

/** A line a test; nothing where there is none. */
export function differencesText(differences: readonly SeedDifference[]): string {
  if (differences.length === 0) return ''
  return `\n${table([DIFFERENCE_COLUMNS, ...differenceRows(differences, measuredDifference)])}${differencesSay(differences)}\n`
}
