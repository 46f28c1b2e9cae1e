import type { JobInput } from '../../shared/api'
import { Initialiser, initialValuesOf, Training } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import { settings } from '../../shared/settings'
import { shortPath } from '../../shared/settings/command-line'
import type { Option, Parsed } from './arguments'
import { applySetting, type Given, type Settings } from './settings'

type Initial = Extract<JobInput<'kernels.spectra'>['weights'], { seed: number }>

/** How initial values are written where weights are asked for. */
export const INITIAL = /^initial:(.*)$/

/** @throws UserError where options of initial values are given and no weights are initial. @param where For example `--run`. */
export function refuseInitialOptions(words: Parsed, where: string): void {
  for (const name of ['init', 'set'])
    if (words.flag(name))
      throw new UserError('it is for initial values', { place: `--${name} with ${where}`, remedy: 'leave it out' })
}

/** Settings of a run that decide the values that it begins with. */
const DECIDE = ['init', 'biasDeviation', 'zeroGamma', 'lsuv'].map((name) => `training.${name}`)
/** Those of the first batch, which unit variance alone looks at. */
const OF_BATCH = ['training.batch', 'training.standardisation', 'data.name', 'data.trainSplit', 'data.train']

/** How initial values are said, beside their seed. @param when In which form they are there. */
export const initialOptions = (when = ''): readonly Option[] => [
  { name: 'init', value: Initialiser.options.join('|'), description: `${when}the initialisation (he-fan-in)` },
  {
    ...{ name: 'set', value: 'KEY=VALUE', many: true },
    description: `${when}what else of a run’s settings decides them: biasDeviation=0.05, zeroGamma=on, lsuv=on (on the first batch of data.name, with batch=32)`,
  },
]

/** Initial values of a seed, as a run with these settings would begin with them. @throws UserError for a setting that decides none of them. */
export function initialOf(words: Parsed, seed: number): Initial {
  const given: Given = new Map()
  const init = words.text('init') as Initialiser | undefined
  const tree: Settings = { training: { ...(init !== undefined && { init }) } }
  if (init !== undefined) given.set('training.init', '--init')
  for (const assignment of words.all('set')) applySetting(tree, assignment, given)
  const training = Training.parse(tree.training ?? {})
  const heeded = training.lsuv ? [...DECIDE, ...OF_BATCH] : DECIDE
  const other = [...given.keys()].find((path) => !heeded.includes(path))
  const shortly = (paths: readonly string[]): string =>
    settings.flatMap(({ path }) => (paths.includes(path) ? [shortPath({ path })] : [])).join(', ')
  if (other !== undefined)
    throw new UserError('it decides nothing of the values that a run begins with', {
      place: `--set ${shortPath({ path: other })}`,
      remedy: `leave it out; these do: ${shortly(DECIDE)}; with lsuv=on ${shortly(OF_BATCH)} too`,
    })
  const { batch, standardisation } = training
  return { seed, ...initialValuesOf(training), batch, standardisation, ...(tree.data && { data: tree.data }) }
}
