import type { Lab, PlacePlan, RunSummary } from '../../shared/api'
import type { Experiment, ExperimentDefinition, ExperimentPlan } from '../../shared/experiments/experiment'
import { plainText } from '../../shared/run-labels'
import { verdictFields } from '../../shared/experiments/verdict-words'
import { armsOf, seedDifferences } from '../../shared/seed-differences'
import { differenceFields } from '../../shared/seed-differences-table'
import { seedGroups } from '../../shared/seed-groups'
import { wholeNumber } from './arguments'
import { type Command, type Output, jsonLine } from './command'
import { comparisonTable } from './compare'
import { differencesText } from './compare-seeds'
import { finishJob } from './follow-job'
import { definitionOf, freshPlan, moreOf } from './experiment-choice'
import { followAll } from './follow-run'
import { followSearch } from './follow-search'
import { aboutDuration, figure, grouped, table } from '../text/format'
import { verdictOn, verdictText } from '../text/verdict'

const experiment: Command = {
  words: 'experiment',
  description: 'starts a ready experiment, or one from a file, and follows it to its end; a number goes on with an earlier one',
  arguments: [{ name: 'NAME', description: 'see normlab experiments; or a definition’s .json file, or an experiment’s number' }],
  options: [
    { name: 'size', value: 'small|medium|large', description: 'of a ready experiment (small)' },
    { name: 'data', value: 'NAME', description: 'data set of a ready experiment (its own); see normlab datasets list' },
    { name: 'seeds', value: '1,2,3', description: 'repeats, in place of the definition’s; of a number, beside those it has' },
    {
      name: 'add',
      value: 'FILE',
      description: 'of a number: a definition’s .json file with more to it; cells that have a run keep it',
    },
    { name: 'on', value: 'PLACE', description: 'train it at another place; see normlab cluster' },
    { name: 'plan', description: 'tell its runs, their sizes and costs, and start nothing' },
  ],
  examples: [
    'normlab experiment deeper',
    'normlab experiment figure --size medium --plan',
    'normlab experiment figure --data cifar10 --seeds 1,2,3',
    'normlab experiment figure --size large --on hpc',
    'normlab experiment 2',
    'normlab experiment 2 --seeds 4,5',
  ],
  async run({ lab: open, words, output, json }) {
    const lab = open()
    const name = words.argument('NAME')
    if (/^\d+$/.test(name)) {
      const id = wholeNumber(name, 'NAME', 1)
      const more = await moreOf(lab, id, words)
      if (words.flag('plan')) {
        const plan = await freshPlan(lab, id, more)
        output.print(json ? jsonLine(plan) : planText(plan))
        return 0
      }
      if (more) await lab.request('experiments.extend', { id, definition: more })
      return follow(lab, await lab.request('experiments.resume', { id }), output, json)
    }
    const definition = await definitionOf(lab, name, words, output)
    const place = words.text('on')
    if (place !== undefined) return sendTo(place, lab, definition, words.flag('plan'), output, json)
    const plan = await lab.request('experiments.plan', { definition })
    if (words.flag('plan')) {
      output.print(json ? jsonLine(plan) : planText(plan))
      return 0
    }
    output.say(planText(plan))
    return follow(lab, await lab.request('experiments.start', { definition }), output, json)
  },
}

/** Says what it costs there, sends it, and follows it. */
async function sendTo(
  place: string,
  lab: Lab,
  definition: ExperimentDefinition,
  isPlanOnly: boolean,
  output: Output,
  json: boolean,
): Promise<number> {
  const cost = await lab.request('places.plan', { place, definition })
  if (isPlanOnly) {
    output.print(json ? jsonLine(cost) : costText(place, cost))
    return 0
  }
  output.say(costText(place, cost))
  const sent = await lab.request('experiments.send', { place, definition })
  const [grid] = (await lab.request('experiments.placed', { id: sent.id })).reverse()
  if (grid?.problem) output.say(`${grid.problem}; it is tried again as long as a lab is open\n`)
  else if (grid) output.say(`${grid.cells.length - grid.waiting} tasks at ${place}, job ${grid.jobs.join(', ')}\n`)
  return follow(lab, sent, output, json)
}

/** What an experiment takes at a place, a line each of cost and time. */
function costText(place: string, { cells, coreHours, gpuHours, mostCoreHours, mostGpuHours, basis, outlook }: PlacePlan): string {
  const hours = (about: number | null, most: number | null, what: string): string => {
    const told = [about === null ? '' : `about ${figure(about)}`, most === null ? '' : `at most ${figure(most)}`]
    return `${told.filter((words) => words !== '').join(', ') || 'an unknown number of'} ${what}-hours`
  }
  const gpus = mostGpuHours !== 0 ? `; ${hours(gpuHours, mostGpuHours, 'GPU')}` : ''
  return [
    `${cells} tasks at ${place}: ${hours(coreHours, mostCoreHours, 'core')}${gpus} (${basis})`,
    ...(outlook === null ? [] : [`Start: ${outlook}`]),
    '',
  ].join('\n')
}

/** A line a cell, and what all of it takes. */
export function planText({ cells, seconds, basis }: ExperimentPlan): string {
  const time = (value: number | null): string => (value === null ? '–' : aboutDuration(value))
  const rows = cells.map(({ labels, seed, parameters, blocks, steps, seconds: own }) => [
    labels.join(' · '),
    ...[String(seed), grouped(parameters), String(blocks), grouped(steps), time(own)],
  ])
  return `${table([['run', 'seed', 'parameters', 'blocks', 'steps', 'time'], ...rows])}${cells.length} runs, ${seconds === null ? basis : `${time(seconds)} one after another (${basis})`}\n`
}

async function follow(lab: Lab, started: Experiment, output: Output, json: boolean): Promise<number> {
  if (started.definition.search) return followSearch(lab, started, output, json)
  const runs = started.cells.flatMap(({ run }) => run ?? [])
  output.say(`Experiment ${started.id}: ${plainText(started.definition.name)}\n`)
  const ended: RunSummary[] = []
  const tell = (summary: RunSummary): void => {
    ended.push(summary)
    output.say(`${summary.state.padEnd(11)} ${plainText(summary.name)}${summary.problem ? `: ${summary.problem.message}` : ''}\n`)
    if (json)
      output.print(
        jsonLine({ experiment: started.id, run: summary.id, cell: summary.cell, state: summary.state, ...summary.measures }),
      )
  }
  // What is at another place goes on there without anybody who follows it.
  const isElsewhere = (await lab.request('experiments.placed', { id: started.id })).some(({ isOver }) => !isOver)
  const stop = (): Promise<unknown> => {
    if (!isElsewhere) return lab.request('experiments.stop', { id: started.id })
    output.say(`It goes on there; follow it again with normlab experiment ${started.id}.\n`)
    process.exit(0)
  }
  await followAll(lab, runs, output, tell, stop, isElsewhere)
  ended.sort((a, b) => a.id - b.id)
  const verdict = await verdictOn(
    lab,
    started.id,
    (start) => finishJob(output, json, start),
    (text) => output.say(text),
  )
  const differences = seedDifferences(armsOf(seedGroups(ended), true))
  if (json) {
    const fields = { verdict: verdict && verdictFields(verdict), differences: differences.map(differenceFields) }
    output.print(jsonLine({ experiment: started.id, ...fields }))
  } else output.print(comparisonTable(ended) + differencesText(differences) + (verdict ? `\n${verdictText(verdict)}` : ''))
  return ended.every(({ state }) => state === 'done') ? 0 : 1
}

const list: Command = {
  words: 'experiments',
  description: 'the ready experiments with the claims that they test, and those of this data folder',
  examples: ['normlab experiments'],
  async run({ lab: open, output, json }) {
    const lab = open()
    const readyOnes = await lab.request('experiments.ready', {})
    const own = await lab.request('experiments.list', {})
    if (json) {
      output.print(jsonLine({ ready: readyOnes, experiments: own }))
      return 0
    }
    for (const { name, title, claim, look } of readyOnes) output.print(`${name}: ${title}\n  ${claim}\n  Look at: ${look}\n\n`)
    const rows = own.map(({ id, definition, cells }) => [
      `${id}  ${plainText(definition.name, 60)}`,
      `${cells.filter(({ run }) => run !== null).length}/${cells.length} runs`,
    ])
    if (rows.length > 0) output.print(table([['experiment', ''], ...rows]))
    return 0
  },
}

export const experimentCommands: readonly Command[] = [experiment, list]
