import { SingleBar } from 'cli-progress'
import type { RunDetail, RunSummary } from '../../shared/api'
import type { EpochRecord, StepRecord, Unit } from '../../shared/records'
import { epochFields, stepFields } from '../lab/json-records'
import { splitWords } from '../../shared/data-splits'
import { type TestProgress, secondsOfRest } from '../../shared/test-progress'
import { type Output, jsonLine } from './command'
import { duration, figure, grouped, percent } from '../text/format'
import { ratioTable } from './ratio-table'
import { testedLine } from './tested-line'

/** Without a terminal, a line so often, milliseconds. */
const LINE_MS = 10_000

const phases: Readonly<Record<RunSummary['progress']['phase'], string>> = {
  queued: 'Waiting',
  data: 'Reading the data',
  compile: 'Compiling the network',
  'first-step': 'First step',
  train: 'Training',
  evaluate: 'Testing',
  ended: 'Ended',
}

const outcomes: Partial<Readonly<Record<RunSummary['state'], string>>> = {
  done: 'is done',
  stopped: 'was stopped',
  interrupted: 'was interrupted',
}

/** What the command line shows of a run: JSON lines, or a progress bar and at the end the ratios of every stage. */
export class RunReport {
  private readonly bar: SingleBar | undefined
  private readonly run: number
  private readonly configuration: RunDetail['configuration']
  private units: readonly Unit[]
  private phase: string | undefined
  private noticed: number
  private lastLine = performance.now()
  private testing = false
  private isPaused = false
  private firstStep: StepRecord | undefined
  private lastStep: StepRecord | undefined
  private readonly allEpochs: EpochRecord[] = []

  constructor(
    run: RunDetail,
    private readonly output: Output,
    private readonly json: boolean,
  ) {
    this.run = run.id
    this.units = run.units
    this.configuration = run.configuration
    this.noticed = run.notices.length
    if (json) return
    output.say(
      `Run ${run.id}: ${run.network} on ${run.dataset}${splitWords(run.configuration.data)}, ${grouped(run.parameters ?? 0)} parameters, ${run.units.length} units, seed ${run.seed}, ${lengthText(run)}\n`,
    )
    if (process.stderr.isTTY)
      this.bar = new SingleBar({
        format: '{bar} step {value}/{total}  {note}',
        stream: process.stderr,
        hideCursor: true,
        barsize: 24,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        etaBuffer: 1,
      })
  }

  steps(steps: readonly StepRecord[]): void {
    const measured = steps.filter(({ norms }) => norms.length > 0)
    this.firstStep ??= measured[0]
    this.lastStep = measured[measured.length - 1] ?? this.lastStep
    if (this.json) this.output.print(steps.map((step) => jsonLine({ run: this.run, ...stepFields(step, this.units) })).join(''))
  }

  epochs(epochs: readonly EpochRecord[]): void {
    this.allEpochs.push(...epochs)
    if (this.json)
      this.output.print(
        epochs.map((epoch) => jsonLine({ run: this.run, epoch_summary: epochFields(epoch, this.units) })).join(''),
      )
    else for (const epoch of epochs) this.line(epochText(epoch, this.configuration.data.testSplit))
  }

  progress(summary: RunSummary): void {
    for (const { step, message } of summary.notices.slice(this.noticed)) this.line(`After step ${step}: ${message}`)
    this.noticed = summary.notices.length
    this.tellPause(summary)
    this.tellTest(summary)
    if (this.json || summary.progress.phase === 'ended') return
    const { phase, step, steps } = summary.progress
    if (this.bar && steps > 0) {
      const payload = { note: note(summary) }
      if (this.bar.isActive) this.bar.update(step, payload)
      else this.bar.start(steps, step, payload)
    } else if (phase !== this.phase && phase !== 'train' && phase !== 'evaluate') this.line(phases[phase])
    else if (step > 0 && performance.now() - this.lastLine > LINE_MS) this.line(`step ${step}/${steps}  ${note(summary)}`)
    this.phase = phase
  }

  /** Nobody waits before a run that waits itself, without a word of how it goes on. */
  private tellPause({ state }: RunSummary): void {
    if (state === 'paused' && !this.isPaused)
      this.line(
        `Run ${this.run} is paused and waits. Ctrl-C ends it here; then normlab runs resume ${this.run} goes on from this step.`,
      )
    this.isPaused = state === 'paused'
  }

  /** A test may take longer than the training: it is announced, and how far it has come is said where no bar shows it. */
  private tellTest({ progress: { test } }: RunSummary): void {
    const isNew = test !== undefined && !this.testing
    this.testing = test !== undefined
    if (isNew) this.line(`Testing ${grouped(test.images)} images`)
    else if (test && !this.bar && performance.now() - this.lastLine > LINE_MS) this.line(testText(test))
  }

  end(summary: RunSummary): void {
    this.bar?.stop()
    if (this.json) {
      if (summary.problem) this.output.say(`${summary.problem.message}\n`)
      return
    }
    const { state, problem, progress } = summary
    const reason = problem ? `: ${place(problem)}${problem.message}` : ''
    this.output.say(
      `Run ${this.run} ${outcomes[state] ?? state} after ${progress.step} ${progress.step === 1 ? 'step' : 'steps'}${reason}\n`,
    )
    const tested = testedLine(summary, this.configuration)
    if (tested) this.output.say(tested)
    if (this.firstStep && this.lastStep && this.allEpochs.length > 0)
      this.output.print(ratioTable(this.units, this.allEpochs, this.firstStep, this.lastStep))
  }

  /** A line on standard error, above the bar where there is one. */
  private line(text: string): void {
    this.lastLine = performance.now()
    if (this.bar?.isActive) process.stderr.write('\r\u001b[2K')
    this.output.say(text + '\n')
  }
}

/** `4 epochs`, or of a run given in steps `200 steps, 4 epochs`. */
function lengthText({ configuration: { training } }: RunDetail): string {
  const epochs = `${grouped(training.epochs)} ${training.epochs === 1 ? 'epoch' : 'epochs'}`
  return training.steps === undefined ? epochs : `at most ${grouped(training.steps)} steps, ${epochs}`
}

function place({ step, unit }: NonNullable<RunSummary['problem']>): string {
  return [step !== undefined && unit !== undefined ? `step ${step}` : '', unit ?? '']
    .filter(Boolean)
    .join(', ')
    .concat(unit ? ': ' : '')
}

function testText(test: TestProgress): string {
  const left = secondsOfRest(test)
  const rest = left === null || test.done === test.images ? '' : `, ${duration(left)} left`
  return `Testing ${grouped(test.done)} of ${grouped(test.images)} images${rest}`
}

function note({ last, progress: { phase, secondsLeft, test } }: RunSummary): string {
  return [
    ...(phase === 'train' ? [] : [test ? testText(test) : phases[phase]]),
    ...(last.loss === null ? [] : [`loss ${figure(last.loss)}`]),
    ...(last.accuracy === null ? [] : [`accuracy ${percent(last.accuracy)}`]),
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
  ].join('  ')
}

function epochText(record: EpochRecord, split: string): string {
  const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, withoutCopies, seconds } = record
  const others = withoutCopies?.copies ? ` (${percent(withoutCopies.accuracy)} without copies)` : ''
  const test =
    testLoss === null || testAccuracy === null
      ? ''
      : `, ${split} loss ${figure(testLoss)}, accuracy ${percent(testAccuracy)}${others}`
  return `Epoch ${epoch}: loss ${figure(trainLoss)}, accuracy ${percent(trainAccuracy)}${test} (${duration(seconds)})`
}
