import type { RunDetail, RunPlan, WeightsPlace } from '../../shared/api'
import { expand, presetOf, projectableTransitions } from '../../shared/architecture'
import { UserError } from '../../shared/errors'
import { plainText } from '../../shared/run-labels'
import { recipes } from '../../shared/recipes'
import { shortPath } from '../../shared/settings/command-line'
import { idleSettings } from '../../shared/settings/idle'
import type { Parsed } from './arguments'
import { type Command, type Context, type Output, jsonLine } from './command'
import { followToEnd } from './follow-to-end'
import { aboutDuration, grouped } from '../text/format'
import { anyNetwork, netArgument } from './network-choice'
import { runName } from './run-name'
import { mapOption } from './weight-map'
import { weightsPlace } from './weights-place'
import { type Given, type Settings, applyOptions, applySetting, setOption, settingOptions, settingRows } from './settings'

export const train: Command = {
  words: 'train',
  description: 'trains a network and measures the gradient’s norm at every boundary of every step',
  arguments: [netArgument],
  options: [
    ...settingOptions,
    {
      name: 'weights',
      value: 'FILE',
      description: 'weights to begin with instead of initial values: a file (safetensors, .npz, PyTorch’s) or library:ID',
    },
    mapOption,
    {
      name: 'recipe',
      value: recipes.map(({ name }) => name).join('|'),
      description: 'published settings, which all others given here override; see normlab recipes',
    },
    { name: 'name', value: 'TEXT', description: 'the run’s name (its network, and what tells it from the runs there are)' },
    setOption,
    { name: 'plan', description: 'tell its steps, and about how much time and memory it takes, and start nothing' },
  ],
  sections: [{ title: 'Settings without an option, for --set:', rows: settingRows }],
  examples: [
    'normlab train proc-resnet:blocks=3 --data shapes10 --steps 200 --project transitions',
    'normlab train proc-resnet-v1-164 --recipe proc-resnet-v1 --epochs 100',
    'normlab train net.json --data digits --set data.train=1000 --json',
  ],
  run: trainNetwork,
}

async function trainNetwork({ words, output, json, lab: open }: Context): Promise<number> {
  const settings = readSettings(words)
  const network = await anyNetwork(open, words.argument('NET'))
  const lab = open()
  if (words.flag('plan')) {
    const { name: _, ...asked } = settings
    const plan = await lab.request('runs.plan', { ...asked, network })
    output.print(json ? jsonLine({ plan }) : planText(plan))
    return 0
  }
  const weights = words.text('weights')
  const from = weights === undefined ? {} : { weights: firstWeights(weights, words) }
  const run = await lab.request('runs.start', { ...settings, network, ...from })
  tellIdle(settings, run, output)
  for (const { message } of run.notices) output.say(`Warning: ${plainText(message)}\n`)
  if (!json) tellRepairs(run, output)
  return followToEnd(lab, run, output, json)
}

/** @throws UserError for a run's: what one trained is written to a file first, so that the new run's begin is kept. */
function firstWeights(word: string, words: Parsed): Exclude<WeightsPlace, { run: number }> {
  const place = weightsPlace(word, words)
  if (!('run' in place)) return place
  throw new UserError('a run begins with weights out of a file or of the library', {
    place: `--weights ${word}`,
    remedy: `write them to one: normlab weights --run ${place.run} --out w.safetensors`,
  })
}

/** What a run comes to, a line each of length, time and memory. */
function planText({ steps, epochs, stepsPerEpoch, seconds, basis, memory, warning }: RunPlan): string {
  const size = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  return [
    `${grouped(steps)} steps, ${grouped(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'} of ${grouped(stepsPerEpoch)}`,
    seconds === null ? `Time: ${basis}` : `Time: ${aboutDuration(seconds)}, an estimate from ${basis}`,
    `Memory: about ${size(memory.needed)}, an estimate; ${size(memory.free)} of ${size(memory.total)} are free`,
    ...(warning === null ? [] : [`Warning: ${warning}`]),
    '',
  ].join('\n')
}

/** What was set and changes nothing is said: it is a slip, or the others are. */
function tellIdle(given: Settings, { configuration }: RunDetail, output: Output): void {
  const idle = idleSettings(given, configuration)
  const waiting = new Map<string | undefined, string[]>()
  for (const setting of idle) waiting.set(setting.awaits, [...(waiting.get(setting.awaits) ?? []), shortPath(setting)])
  for (const [path, names] of waiting)
    output.say(
      path === undefined
        ? `${names.join(', ')}: no effect beside the other settings of this run\n`
        : `${names.join(', ')}: no effect without ${shortPath({ path })}\n`,
    )
}

/** A repair that the preset was published with, and that was not asked for here, is said: it is the point of such a preset. */
function tellRepairs({ preset: words, configuration }: RunDetail, output: Output): void {
  if (words === null) return
  const { title, recommended } = presetOf(words)
  const { projection, whitening } = configuration.training
  // Transitions that are orthogonal by construction leave nothing to project.
  const isMeant = recommended.projection === 'transitions' && projection.layers === 'none'
  if (isMeant && projectableTransitions(expand(configuration.network)).length > 0)
    output.say(`${title} is meant to be projected, and this run is not; --project transitions does it\n`)
  if (recommended.whitening && whitening.layers === 'none')
    output.say(`${title} is meant to have its dense layer whitened, and this run does not; --whiten does it\n`)
}

/** @throws UserError for a value that is not of its kind or out of its range, and a setting that there is not. */
export function readSettings(words: Parsed): Settings {
  const name = words.text('name')
  const settings: Settings = name === undefined ? {} : { name: runName(name, '--name') }
  const given: Given = new Map()
  applyOptions(settings, words, given)
  for (const assignment of words.all('set')) applySetting(settings, assignment, given)
  const recipe = recipes.find((one) => one.name === words.text('recipe'))
  if (!recipe) return settings
  const { steps, epochs } = settings.training ?? {}
  // Steps alone mean that many, whatever the recipe's epochs.
  const { epochs: usual, ...published } = recipe.training
  const isGivenInSteps = steps !== undefined && epochs === undefined
  return { ...settings, training: over(isGivenInSteps ? published : { ...published, epochs: usual }, settings.training ?? {}) }
}

/** The first with the second's fields in place of its own, settings within settings too. */
function over<T extends object>(first: T, second: T): T {
  const result = { ...first } as Record<string, unknown>
  for (const [key, value] of Object.entries(second)) {
    const before = result[key]
    const bothHold = isPlain(before) && isPlain(value)
    result[key] = bothHold ? over(before, value) : value
  }
  return result as T
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
