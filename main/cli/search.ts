import type { Lab } from '../../shared/api'
import { closest } from '../../shared/closest'
import { UserError } from '../../shared/errors'
import { findMeasure, measures } from '../../shared/measures'
import { SPACE_EXAMPLE, readSpace } from '../../shared/search/read-space'
import { SAMPLERS } from '../../shared/search/search'
import { type Parsed, wholeNumber } from './arguments'
import { type Command, type Output, jsonLine } from './command'
import { seedsOf } from './seeds'
import { planText } from './experiment'
import { followSearch } from './follow-search'
import { anyNetwork, netArgument } from './network-choice'
import { type Given, type Settings, applyOptions, applySetting, setOption, settingOptions } from './settings'

const search: Command = {
  words: 'search',
  description:
    'looks for the settings that train best: trials over a space, evenly, at random, by a Gaussian process or with all but the best ended early',
  arguments: [{ ...netArgument, description: `${netArgument.description}; or the number of a search to go on with` }],
  options: [
    { name: 'space', value: 'AXES', description: 'what is varied: rate=1e-4..0.1,batch=16..64 and the like', many: true },
    { name: 'sampler', value: SAMPLERS.join('|'), description: 'how trials are chosen (sobol)' },
    { name: 'trials', value: 'N', description: 'how many (20)' },
    {
      name: 'objective',
      value: 'MEASURE',
      description: 'what they are judged by: test-accuracy, train-loss, deviation … (test-accuracy)',
    },
    { name: 'at', value: 'end|best', description: 'the objective at the run’s end, or of its best epoch (end)' },
    { name: 'seeds', value: '1,2,3', description: 'trains each trial with each of these, so that the noise is told (1)' },
    { name: 'search-seed', value: 'N', description: 'decides which trials are drawn (1)' },
    { name: 'ahead', value: 'N', description: 'of bayes: how many trials may be at work at once (1)' },
    { name: 'from', value: 'EPOCHS', description: 'of halving: epochs at least before a trial is ended (1)' },
    { name: 'factor', value: 'N', description: 'of halving: one trial in so many goes on (3)' },
    { name: 'more', value: 'N', description: 'of a search that is there: so many trials more' },
    { name: 'name', value: 'TEXT', description: 'what the search is called (search of its network)' },
    { name: 'plan', description: 'tell what all of it would cost, and start nothing' },
    ...settingOptions.filter(({ name }) => name !== 'seed'),
    setOption,
  ],
  examples: [
    'normlab search resnet-20 --space rate=1e-3..1,weight-decay=0..0.01 --sampler bayes --trials 30 --epochs 5',
    'normlab search proc-resnet:blocks=3 --space rate=1e-3..1,network.blocks=1..5 --sampler halving --trials 27 --epochs 9',
    'normlab search 4 --more 10',
  ],
  async run({ lab: open, words, output, json }) {
    const name = words.argument('NET')
    if (/^\d+$/.test(name)) return goOn(open(), wholeNumber(name, 'NET', 1), words, output, json)
    if (words.flag('more'))
      throw new UserError('there is no search yet to give more trials', { place: '--more', remedy: 'give --trials' })
    const definition = { ...settingsOf(words), ...searchOf(words) }
    const network = await anyNetwork(open, name)
    const lab = open()
    const told = words.text('name') ?? `search of ${typeof network === 'string' ? network : network.name}`
    const asked = {
      name: told.slice(0, 200),
      base: { network, ...definition.base },
      seeds: definition.seeds,
      search: definition.search,
    }
    const plan = await lab.request('experiments.plan', { definition: asked })
    if (words.flag('plan')) {
      output.print(json ? jsonLine(plan) : planText(plan))
      return 0
    }
    const { seconds, basis, cells } = plan
    output.say(`${cells.length} runs at most, ${seconds === null ? basis : `about ${Math.ceil(seconds)} s one after another`}\n`)
    return followSearch(lab, await lab.request('experiments.start', { definition: asked }), output, json)
  },
}

/** Options that make a new search, which one that is there has already. */
const OF_NEW = ['space', 'sampler', 'trials', 'objective', 'at', 'seeds', 'search-seed', 'ahead', 'from', 'factor', 'name']

async function goOn(lab: Lab, id: number, words: Parsed, output: Output, json: boolean): Promise<number> {
  const given = [...OF_NEW, ...settingOptions.map(({ name }) => name), 'set'].find((name) => words.flag(name))
  if (given !== undefined)
    throw new UserError('a search that was started has its settings', {
      place: `--${given}`,
      remedy: 'leave the option out, or start another',
    })
  const more = words.whole('more', 1)
  // Whether it is a search at all.
  await lab.request('experiments.search', { id })
  if (more !== undefined) await lab.request('experiments.add-trials', { id, trials: more })
  return followSearch(lab, await lab.request('experiments.resume', { id }), output, json)
}

/** The base of the trials. */
function settingsOf(words: Parsed): { base: object } {
  const settings: Settings = {}
  const given: Given = new Map()
  applyOptions(settings, words, given)
  for (const assignment of words.all('set')) applySetting(settings, assignment, given)
  const { data, training, execution } = settings as { data?: object; training?: object; execution?: object }
  return { base: { ...(data && { data }), ...(training && { training }), ...(execution && { execution }) } }
}

function searchOf(words: Parsed) {
  const text = words.all('space').join(' ')
  if (text === '')
    throw new UserError('--space AXES is missing', { place: 'normlab search', remedy: `write it like --space ${SPACE_EXAMPLE}` })
  const whole = (name: string, least = 1): number | undefined => words.whole(name, least)
  const sampler = (words.text('sampler') ?? 'sobol') as (typeof SAMPLERS)[number]
  for (const [name, of] of [
    ['ahead', 'bayes'],
    ['from', 'halving'],
    ['factor', 'halving'],
  ] as const)
    if (words.flag(name) && sampler !== of)
      throw new UserError(`it is of ${of} alone`, { place: `--${name}`, remedy: `add --sampler ${of}` })
  return {
    seeds: seedsOf(words.text('seeds')) ?? [1],
    search: {
      space: readSpace(text),
      sampler,
      objective: {
        measure: measureNamed(words.text('objective') ?? 'test-accuracy'),
        at: (words.text('at') ?? 'end') as 'end' | 'best',
      },
      trials: whole('trials') ?? 20,
      seed: whole('search-seed', 0) ?? 1,
      ahead: whole('ahead') ?? 1,
      halving: { from: whole('from') ?? 1, factor: whole('factor', 2) ?? 3 },
    },
  }
}

/** `test-accuracy` as well as `testAccuracy`. @throws UserError where there is none, or none that judges. */
function measureNamed(word: string): string {
  const name = word.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const measure = findMeasure(name)
  if (measure && measure.better !== null) return measure.name
  const judging = measures.filter(({ better }) => better !== null).map((one) => kebab(one.name))
  const near = closest(word, judging)
  throw new UserError(measure ? `neither more nor less of "${word}" is better` : `there is no measure "${word}"`, {
    place: '--objective',
    remedy: near ? `perhaps ${near}` : `use ${judging.join(', ')}`,
  })
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

export const searchCommands: readonly Command[] = [search]
