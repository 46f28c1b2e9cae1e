import type { Lab } from '../../shared/api'
import { cellKey } from '../../shared/experiments/expand'
import type { ExperimentDefinition, ExperimentPlan } from '../../shared/experiments/experiment'
import { UserError } from '../../shared/errors'
import { readJson } from '../files/network-file'
import type { Parsed } from './arguments'
import { seedsOf } from './seeds'
import type { Output } from './command'

/**
 * The definition of an experiment that is to be started: a ready one's in a size, or a file's.
 *
 * @throws UserError that names the option, where one means nothing for it.
 */
export async function definitionOf(lab: Lab, name: string, words: Parsed, output: Output): Promise<ExperimentDefinition> {
  refuse(words, { add: 'only an experiment that was started is added to' })
  if (name.endsWith('.json'))
    refuse(words, {
      data: 'the data set of an experiment from a file is said in the file',
      size: 'an experiment from a file has one size, which is said in the file',
    })
  const definition = name.endsWith('.json') ? (readJson(name) as ExperimentDefinition) : await ready(lab, name, words, output)
  const seeds = seedsOf(words.text('seeds'))
  return seeds === undefined ? definition : { ...definition, seeds }
}

/**
 * What an experiment that was started is to be with what is added to it; undefined where nothing is.
 *
 * @throws UserError that names the option, where one means nothing for it.
 */
export async function moreOf(lab: Lab, id: number, words: Parsed): Promise<ExperimentDefinition | undefined> {
  refuse(words, {
    data: 'an experiment that was started has its data set',
    size: 'an experiment that was started has its size',
    on: 'an experiment that was started stays where it is',
  })
  const [seeds, file] = [seedsOf(words.text('seeds')), words.text('add')]
  if (seeds === undefined && file === undefined) return undefined
  const { definition: known } = await lab.request('experiments.show', { id })
  const definition = file === undefined ? known : (readJson(file) as ExperimentDefinition)
  return seeds === undefined ? definition : { ...definition, seeds: [...new Set([...definition.seeds, ...seeds])] }
}

/** What is still to be trained of an experiment that was started, and of what is added to it. */
export async function freshPlan(lab: Lab, id: number, more: ExperimentDefinition | undefined): Promise<ExperimentPlan> {
  const { definition, cells } = await lab.request('experiments.show', { id })
  if (definition.search)
    throw new UserError('a search chooses its trials by those that ended', {
      place: '--plan',
      remedy: `leave the option out; normlab experiment ${id} goes on with it`,
    })
  const done = new Set((await lab.request('runs.list', {})).filter(({ state }) => state === 'done').map((run) => run.id))
  const known = new Set(cells.filter(({ run }) => run !== null && done.has(run)).map(cellKey))
  const plan = await lab.request('experiments.plan', { definition: more ?? definition })
  const fresh = plan.cells.filter((cell) => !known.has(cellKey(cell)))
  const seconds = fresh.map((cell) => cell.seconds)
  const sum = seconds.reduce((all, one) => (all === null || one === null ? null : all + one), 0)
  return { ...plan, cells: fresh, seconds: sum }
}

/** @throws UserError for the first of these options that is given, with why it means nothing. */
function refuse(words: Parsed, options: Readonly<Record<string, string>>): void {
  for (const [name, why] of Object.entries(options))
    if (words.text(name) !== undefined) throw new UserError(why, { place: `--${name}`, remedy: 'leave the option out' })
}

async function ready(lab: Lab, name: string, words: Parsed, output: Output): Promise<ExperimentDefinition> {
  const data = words.text('data')
  const all = await lab.request('experiments.ready', { ...(data !== undefined && { data }) })
  const found = all.find((one) => one.name === name)
  if (!found)
    throw new UserError(`there is no ready experiment "${name}"`, {
      place: 'NAME',
      remedy: `use ${all.map((one) => one.name).join(', ')}`,
    })
  const size = words.text('size') ?? 'small'
  const sized = found.sizes.find((one) => one.name === size)
  if (!sized)
    throw new UserError(`it has no size "${size}"`, {
      place: '--size',
      remedy: `use ${found.sizes.map((s) => s.name).join(', ')}`,
    })
  // What a size is for is worth knowing before it is trained.
  output.say(`Size ${size}: ${sized.description}.\n`)
  return sized.definition
}
