import os from 'node:os'
import { countParameters, expand, type ExpandedNetwork } from '../../../shared/architecture'
import type { Configuration } from '../../../shared/configuration'
import { UserError } from '../../../shared/errors'
import { Random } from '../../../shared/random'
import type { StepRecord } from '../../../shared/records'
import { type OpenDataset, openDataset } from '../../datasets'
import { BatchFiller, BatchSampler } from '../../datasets/batches'
import { channelStatistics } from '../../datasets/statistics'
import { deviceName } from '../devices'
import { NetworkSession } from '../network-session'
import type { TrainingEvent } from '../protocol'
import { tensorflow } from '../tensorflow/binding'
import { describeDivergence, traceDivergence } from './divergence'
import { EpochSummary } from './epoch-summary'
import { initialParameters } from './initialise'
import { rateAt, totalSteps } from './schedule'
import { evaluateSplit } from './test-split'

export interface TrainingRequest {
  readonly run: number
  readonly configuration: Configuration
  /** Where imported data sets lie. */
  readonly dataFolder: string
}

/** What the lab wants of the run, as the worker has heard so far. */
export interface TrainingControl {
  state(): 'run' | 'pause' | 'stop'
  /** Lets messages come in; while the state is `pause`, until it is not. */
  wait(): Promise<void>
}

/** Keeps the draws of the projection apart from a run's other random numbers. */
const PROJECTION_STREAM = 3

/**
 * Trains one run to its end and tells of everything through `emit`.
 * A run that diverges ends with `failed`. @throws UserError where settings, network and data do not fit.
 */
export async function train(
  { configuration, dataFolder }: TrainingRequest,
  control: TrainingControl,
  emit: (event: TrainingEvent) => void,
): Promise<void> {
  const { training, seed } = configuration
  const network = expand(configuration.network)
  emit({ type: 'phase', phase: 'data' })
  const data = openDataset(configuration.data, dataFolder)
  checkFit(network, data)
  const sampler = new BatchSampler(data.train.length, training.batch, seed)
  const filler = new BatchFiller(data.train.shape, channelStatistics(data.train))

  emit({ type: 'phase', phase: 'compile' })
  const compileBegan = performance.now()
  const session = new NetworkSession(network, {
    batch: training.batch,
    optimiser: { momentum: training.momentum, nesterov: training.nesterov, weightDecay: training.weightDecay },
    projection: training.projection,
    whitening: training.whitening,
    recompute: training.recompute,
    threads: training.threads,
  })
  try {
    session.set('parameters', initialParameters(network, session.graph.parameters, training.init, seed))
    const steps = totalSteps(training, sampler.stepsPerEpoch)
    emit({
      type: 'started',
      units: network.units.map(({ name, kind, shape }) => ({ name, kind, shape })),
      parameters: countParameters(network),
      steps,
      stepsPerEpoch: sampler.stepsPerEpoch,
      compileMs: performance.now() - compileBegan,
      versions: { tensorflow: tensorflow().TF_Version },
      device: deviceName(training.threads ?? os.cpus().length),
    })
    await new Loop(configuration, session, data, sampler, filler, steps, control, emit).run()
  } finally {
    session.close()
  }
}

/** The steps and epochs of one run. */
class Loop {
  private readonly images: Float32Array
  private readonly labels: Int32Array
  private readonly projectionDraws: Random

  constructor(
    private readonly configuration: Configuration,
    private readonly session: NetworkSession,
    private readonly data: OpenDataset,
    private readonly sampler: BatchSampler,
    private readonly filler: BatchFiller,
    private readonly steps: number,
    private readonly control: TrainingControl,
    private readonly emit: (event: TrainingEvent) => void,
  ) {
    const { batch } = configuration.training
    this.images = new Float32Array(batch * data.train.shape.reduce((product, side) => product * side, 1))
    this.labels = new Int32Array(batch)
    this.projectionDraws = new Random(configuration.seed, PROJECTION_STREAM)
  }

  async run(): Promise<void> {
    const units = this.session.network.units.length
    let summary = new EpochSummary(1, units)
    this.emit({ type: 'phase', phase: 'first-step' })
    for (let step = 1; step <= this.steps; step++) {
      if (await this.stopped()) {
        if (!summary.isEmpty) this.emit({ type: 'epoch', record: summary.record(null) })
        return this.emit({ type: 'ended', outcome: 'stopped' })
      }
      const { record, finite } = this.step(step)
      this.emit({ type: 'step', record })
      if (!finite) {
        if (!summary.isEmpty) this.emit({ type: 'epoch', record: summary.record(null) })
        return this.fail(record)
      }
      summary.add(record)
      if (step === 1) this.emit({ type: 'phase', phase: 'train' })
      if (step % this.sampler.stepsPerEpoch === 0 || step === this.steps) {
        this.emit({ type: 'phase', phase: 'evaluate' })
        const test = await evaluateSplit(this.session, this.data.test, this.filler, this.configuration.training.batch, () =>
          this.stopped(),
        )
        this.emit({ type: 'epoch', record: summary.record(test) })
        summary = new EpochSummary(record.epoch + 1, units)
        if (step < this.steps) this.emit({ type: 'phase', phase: 'train' })
      }
    }
    this.emit({ type: 'ended', outcome: this.control.state() === 'stop' ? 'stopped' : 'done' })
  }

  private step(step: number): { record: StepRecord; finite: boolean } {
    const began = performance.now()
    const { training } = this.configuration
    const epochsDone = (step - 1) / this.sampler.stepsPerEpoch
    const rate = rateAt(training, epochsDone)
    this.filler.fill(this.data.train, this.sampler.next(), this.images, this.labels)
    this.session.whiten()
    const measures = this.session.step({ images: this.images, labels: this.labels }, rate)
    // The draw is made whatever comes of it, so that the sequence depends on the step alone.
    if (this.projectionDraws.uniform() < training.projection.probability && measures.finite) this.session.project()
    const { loss, accuracy, norms, finite } = measures
    return {
      record: { step, epoch: Math.floor(epochsDone) + 1, loss, accuracy, rate, ms: performance.now() - began, norms },
      finite,
    }
  }

  private fail({ step, rate }: StepRecord): void {
    const divergence = traceDivergence(this.session, { images: this.images, labels: this.labels }, step)
    const { problem, remedy } = describeDivergence(divergence, rate)
    this.emit({ type: 'failed', error: { message: new UserError(problem, { remedy }).message, forUser: true }, divergence })
  }

  /** Hears what the lab says, and sits out a pause. */
  private async stopped(): Promise<boolean> {
    // A pause that is known already is told of before it is sat out.
    if (this.control.state() === 'run') await this.control.wait()
    if (this.control.state() === 'pause') {
      this.emit({ type: 'state', state: 'paused' })
      while (this.control.state() === 'pause') await this.control.wait()
      this.emit({ type: 'state', state: 'running' })
    }
    return this.control.state() === 'stop'
  }
}

function checkFit(network: ExpandedNetwork, data: OpenDataset): void {
  const takes = network.layers[network.input]!.shape
  const { shape, classes, name } = data.summary
  const place = `${network.name} on ${name}`
  if (takes.join() !== shape.join()) {
    throw new UserError(`the network takes images of ${takes.join('×')}, the data set has ${shape.join('×')}`, {
      place,
      remedy: `set the network’s input to ${shape.join('x')}`,
    })
  }
  const logits = network.layers[network.logits]!.shape[0]!
  if (logits !== classes.length) {
    throw new UserError(`the network tells ${logits} classes apart, the data set has ${classes.length}`, {
      place,
      remedy: `set the network’s classes to ${classes.length}`,
    })
  }
}
