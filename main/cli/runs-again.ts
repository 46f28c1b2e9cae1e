import type { RequestInput, RunDetail } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { askedLength } from '../../shared/run-length'
import { hasEnd, prolonged, scheduleChange } from '../../shared/schedules/rate'
import { requireReadable } from '../../shared/unreadable-run'
import { wholeNumber } from './arguments'
import type { Command, Output } from './command'
import { followToEnd } from './follow-to-end'
import { runName } from './run-name'
import { applySetting, type Given, type Settings } from './settings'

const id = { name: 'RUN', description: 'the run’s number' }

const resume: Command = {
  words: 'runs resume',
  description: 'goes on with a run from its last checkpoint, bit-equal on the CPU, and follows it to its end',
  arguments: [id],
  options: [
    { name: 'epochs', value: 'N', description: 'a new number of epochs, in all' },
    { name: 'steps', value: 'N', description: 'a new limit in steps, in all' },
    { name: 'keep-schedule', description: 'let a schedule with an end keep it, its last rate going on; else it is stretched' },
  ],
  examples: ['normlab runs resume 3', 'normlab runs resume 3 --epochs 20', 'normlab runs resume 3 --epochs 20 --keep-schedule'],
  async run({ lab: open, words, output, json }) {
    const run = wholeNumber(words.argument('RUN'), 'RUN', 1)
    const [epochs, steps] = [words.whole('epochs', 1), words.whole('steps', 1)]
    const lab = open()
    const before = await lab.request('runs.show', { run })
    const keepSchedule = words.flag('keep-schedule')
    if (keepSchedule && epochs === undefined && steps === undefined)
      throw new UserError('it means something only for a new length', {
        place: '--keep-schedule',
        remedy: 'add --epochs or --steps',
      })
    const end = { ...(epochs !== undefined && { epochs }), ...(steps !== undefined && { steps }) }
    tellSchedule(before, end, keepSchedule, output)
    await lab.request('runs.resume', { run, ...end, ...(keepSchedule && { keepSchedule }) })
    return followToEnd(lab, await lab.request('runs.show', { run }), output, json, before.progress.step)
  },
}

/** What another length does to the schedule is said before the run goes on with it. */
function tellSchedule(
  { configuration, progress: { step, stepsPerEpoch } }: RunDetail,
  end: { epochs?: number; steps?: number },
  keeps: boolean,
  output: Output,
): void {
  if (stepsPerEpoch === 0) return
  const { training } = configuration
  const change = scheduleChange(training, prolonged(training, end, keeps, stepsPerEpoch), step, stepsPerEpoch)
  if (change === undefined) return
  output.say(`Schedule: ${change}${keeps || !hasEnd(training) ? '' : '; --keep-schedule keeps its end'}\n`)
}

const clone: Command = {
  words: 'runs clone',
  description: 'trains a new run with another one’s settings, all or all but some',
  arguments: [id],
  options: [
    { name: 'set', value: 'KEY=VALUE', description: 'a setting by its path: seed=2, training.rate=0.05', many: true },
    { name: 'name', value: 'TEXT', description: 'the new run’s name (the old one’s, and what differs)' },
  ],
  examples: ['normlab runs clone 3 --set seed=2', 'normlab runs clone 3 --set init=orthogonal --name orthogonal'],
  async run({ lab: open, words, output, json }) {
    const run = wholeNumber(words.argument('RUN'), 'RUN', 1)
    const lab = open()
    const original = await lab.request('runs.show', { run })
    requireReadable(original)
    const { configuration, progress } = original
    const { preset, network, weights, ...settings } = configuration
    const asked = { ...settings, training: askedLength(settings.training, progress.stepsPerEpoch) }
    const changed = JSON.parse(JSON.stringify(asked)) as Settings
    const given: Given = new Map()
    for (const assignment of words.all('set')) applySetting(changed, assignment, given)
    const name = words.text('name')
    const told = {
      ...(name !== undefined && { name: runName(name, '--name') }),
      ...(weights !== undefined && { weights: { run } }),
    }
    const request = { ...changed, ...told, like: run, network: preset ?? network } as RequestInput<'runs.start'>
    return followToEnd(lab, await lab.request('runs.start', request), output, json)
  },
}

export const againCommands: readonly Command[] = [resume, clone]
