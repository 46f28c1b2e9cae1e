import path from 'node:path'
import type { RunSummary } from '../../shared/api'
import { differingSettings } from '../../shared/differing-settings'
import { testedOn } from '../../shared/data-splits'
import { runMeasures } from '../../shared/measures'
import { HOLDS } from '../../shared/measures/measure'
import { describeSet, UNIT_SETS } from '../../shared/measures/unit-sets'
import { momentWord, titleWithUnit } from '../../shared/measures/values'
import { plainName, runNumber } from '../../shared/run-labels'
import { toldSetting } from '../../shared/told-setting'
import { csvText, type CsvCell } from '../../shared/csv'
import { writeFile } from '../files/write-file'
import { wholeNumber } from './arguments'
import { type Command, jsonLine } from './command'
import { armsOf, seedDifferences } from '../../shared/seed-differences'
import { differenceFields } from '../../shared/seed-differences-table'
import { differencesText, overSeeds, overSeedsCsv, overSeedsFields, overSeedsTable } from './compare-seeds'
import { measured, table } from '../text/format'

/** Of which moments the measures are. */
const moments: readonly [name: string, step: (run: RunSummary) => number][] = [
  ['last step', ({ last }) => last.step],
  ['last measured step', ({ last }) => last.measuredStep],
  ['last epoch', ({ measures }) => measures.epoch],
]

/** Runs in columns: what differs in their settings, then what they measured. */
export function comparisonTable(runs: readonly RunSummary[]): string {
  const settings = differingSettings(runs).map((path) => [path, ...runs.map((run) => toldSetting(run, path))])
  const isWide = runs.length > 4
  const measures = runMeasures
    .filter(({ isMain }) => isMain || !isWide)
    .map((measure) => [
      `${titleWithUnit(measure, testedOn(runs))} (${momentWord(measure)})`,
      ...runs.map((run) => measured(measure, run.measures[measure.name])),
    ])
  // Many runs make long lines: then one run a line.
  const rows = [
    ['run', ...runs.map(({ id }) => runNumber(id))],
    ['name', ...runs.map(({ name }) => plainName(name, 48))],
    ...settings,
    ...measures,
    ...moments.map(([name, step]) => [name, ...runs.map((run) => (step(run) > 0 ? String(step(run)) : '–'))]),
    ...(isWide ? [] : UNIT_SETS.map((set) => [HOLDS[set], ...runs.map(({ sets }) => describeSet(sets[set]))])),
  ]
  return table(!isWide ? rows : rows[0]!.map((_, column) => rows.map((row) => row[column]!)))
}

export const compare: Command = {
  words: 'compare',
  description: 'runs side by side: the settings in which they differ, and what they measured',
  arguments: [{ name: 'RUN…', description: 'the runs’ numbers', many: true }],
  options: [
    { name: 'out', value: 'FILE.csv', description: 'write it as a table, one run a line' },
    { name: 'over-seeds', description: 'runs that differ in the seed alone as one: mean ± sample deviation' },
  ],
  examples: ['normlab compare 3 4', 'normlab compare 3 4 5 --out compared.csv', 'normlab compare 3 4 5 6 --over-seeds'],
  async run({ lab: open, words, output, json }) {
    const given = words.arguments('RUN…').map((text) => wholeNumber(text, 'RUN', 1))
    const ids = [...new Set(given)]
    const again = ids.filter((id) => given.indexOf(id) !== given.lastIndexOf(id))
    if (again.length > 0) output.say(`${again.map(runNumber).join(', ')}: named more than once, and taken once\n`)
    const lab = open()
    const runs: RunSummary[] = []
    for (const run of ids) {
      const { configuration: _c, units: _u, annotations: _a, ...summary } = await lab.request('runs.show', { run })
      runs.push(summary)
    }
    const out = words.text('out')
    if (words.flag('over-seeds')) {
      const groups = overSeeds(runs)
      if (out !== undefined) writeFile(path.resolve(out), csvText(overSeedsCsv(groups)))
      const arms = armsOf(
        groups.map(({ group }) => group),
        false,
      )
      const differences = seedDifferences(arms)
      if (json) {
        output.print(groups.map((group) => jsonLine(overSeedsFields(group))).join(''))
        if (differences.length > 0) output.print(jsonLine({ differences: differences.map(differenceFields) }))
      } else if (out === undefined) output.print(overSeedsTable(groups) + differencesText(differences))
      else output.print(`${groups.length} groups in ${path.resolve(out)}\n`)
      return 0
    }
    const paths = differingSettings(runs)
    const lines = runs.map((run) => ({
      ...{ run: run.id, name: run.name, state: run.state },
      settings: Object.fromEntries(paths.map((name) => [name, run.settings[name] ?? null])),
      measures: run.measures,
      moments: Object.fromEntries(moments.map(([name, step]) => [name, step(run)])),
      sets: run.sets,
    }))
    if (out !== undefined) writeTable(path.resolve(out), lines, testedOn(runs))
    if (json) output.print(lines.map(jsonLine).join(''))
    else if (out === undefined) output.print(comparisonTable(runs))
    else output.print(`${runs.length} runs in ${path.resolve(out)}\n`)
    return 0
  },
}

interface Line {
  run: number
  name: string
  state: string
  settings: Record<string, unknown>
  measures: RunSummary['measures']
  moments: Record<string, unknown>
  sets: RunSummary['sets']
}

function writeTable(file: string, lines: readonly Line[], splits: readonly string[]): void {
  const flat = lines.map(
    ({ settings, measures, moments, sets, ...rest }) =>
      ({
        ...{ ...rest, ...settings },
        ...Object.fromEntries(runMeasures.map((measure) => [titleWithUnit(measure, splits), measures[measure.name]])),
        ...moments,
        ...Object.fromEntries(UNIT_SETS.map((set) => [HOLDS[set], describeSet(sets[set])])),
      }) as Record<string, CsvCell>,
  )
  const columns = Object.keys(flat[0] ?? {})
  writeFile(file, csvText({ columns, rows: flat.map((line) => columns.map((name) => line[name])) }))
}
