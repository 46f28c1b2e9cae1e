import { existsSync } from 'node:fs'
import { countParameters, expand, type ExpandedNetwork, recordedUnits } from '../../../shared/architecture'
import type { Configuration } from '../../../shared/configuration'
import { UserError } from '../../../shared/errors'
import { Catalogue, datasetsFolder, type OpenDataset } from '../../datasets/catalogue'
import { checkAugmentation } from '../../datasets/augment'
import { BatchSampler } from '../../datasets/batches'
import { knownCopies } from '../../datasets/checks/kept-checks'
import { Checkpoints, startWeightsFile } from '../../store/checkpoints'
import { hashFile } from '../../store/weight-files'
import { type BatchSource, openBatches } from '../batches/source'
import { checkDevice, deviceName } from '../devices'
import { type Batch, NetworkSession } from '../network-session'
import type { TrainingEvent, TrainingRequest } from '../protocol'
import { checkParts, partsOf } from '../../../shared/parts'
import { spreadOf, whenOthersAreGone } from '../spread'
import { threadsOf } from '../threads'
import { tensorflow } from '../tensorflow/binding'
import { openWeights, readStatistics, readWeights, statisticsPrefix } from '../weights'
import { readCheckpoint } from './checkpoint'
import { firstBatch } from './first-batch'
import { checkFit } from './fit'
import { LiveSpectra, type OpenSpectralWorker } from './live-spectra'
import { Loop } from './loop'
import { Repairs } from './repairs'
import { startValues } from './start-values'
import { totalSteps } from '../../../shared/run-length'
import { liveLayers } from '../../../shared/spectra/live'

/** What the lab wants of the run, as the worker has heard so far. */
export interface TrainingControl {
  state(): 'run' | 'pause' | 'stop'
  /** Whether it was said since the last asking that the evaluation which is going on shall be skipped. */
  takeSkip(): boolean
  /** Lets messages come in; while the state is `pause`, until it is not. */
  wait(): Promise<void>
}

/**
 * Trains one run to its end, from its newest checkpoint where it has one, and tells of everything through `emit`.
 * A run that diverges ends with `failed`.
 *
 * @param home The data folder. @param batchThread The bundled `batch-thread.js`.
 * @throws UserError where settings, network and data do not fit, or the images cannot be read.
 */
export async function train(
  request: TrainingRequest,
  home: string,
  control: TrainingControl,
  emit: (event: TrainingEvent) => void,
  batchThread: string,
  /** Without it a run has no spectra. */
  openSpectral?: OpenSpectralWorker,
): Promise<void> {
  const { configuration, run, stored, cluster } = request
  const dataFolder = datasetsFolder(home)
  const { folder, files } = new Checkpoints(home).of(run)
  // A checkpoint may be of a step that never reached the store.
  const checkpoints = files.flatMap(({ step, file }) => (step <= stored ? [file] : []))
  const network = expand(configuration.network)
  emit({ type: 'phase', phase: 'data' })
  const catalogue = new Catalogue(dataFolder)
  const data = catalogue.open(configuration.data, configuration.dataHash)
  try {
    checkFit(network, data.summary)
    checkParts(configuration)
    const { augmentation, batch } = configuration.training
    checkAugmentation(augmentation, data.train)
    const sampler = new BatchSampler(data.train.length, batch, configuration.seed)
    checkDevice(configuration.execution.device)
    // The first batches are prepared while the network is compiled.
    const batches = openBatches({ configuration, dataFolder }, data, sampler, batchThread)
    try {
      await trainOn(
        data,
        copiesKnown(catalogue, data, configuration),
        batches,
        sampler.stepsPerEpoch,
        configuration,
        { folder, checkpoints },
        network,
        control,
        emit,
        openSpectral,
        cluster,
      )
    } catch (error) {
      throw cluster ? await whenOthersAreGone(error) : error
    } finally {
      batches.close()
    }
  } finally {
    data.close()
  }
}

async function trainOn(
  data: OpenDataset,
  copied: readonly number[] | null,
  batches: BatchSource,
  stepsPerEpoch: number,
  configuration: Configuration,
  { folder: checkpointFolder, checkpoints }: { readonly folder: string; readonly checkpoints: readonly string[] },
  network: ExpandedNetwork,
  control: TrainingControl,
  emit: (event: TrainingEvent) => void,
  openSpectral: OpenSpectralWorker | undefined,
  cluster: readonly string[] | undefined,
): Promise<void> {
  const { training, execution, seed } = configuration
  emit({ type: 'phase', phase: 'compile' })
  const compileBegan = performance.now()
  const { every, epochs, layers } = training.spectra
  const followed = openSpectral && every + epochs > 0 ? liveLayers(network, layers) : []
  const threads = threadsOf(execution.threads, cluster?.length)
  const session = new NetworkSession(network, {
    batch: training.batch,
    optimiser: training,
    labelSmoothing: training.labelSmoothing,
    measures: training.measures,
    signal: training.measures.signal > 0,
    projection: training.projection,
    whitening: training.whitening,
    clip: training.clip,
    recompute: execution.recompute,
    snapshot: followed.map(({ name }) => network.layers.findIndex((layer) => layer.name === name)),
    threads,
    spread: spreadOf(execution, cluster),
  })
  let spectra: LiveSpectra | undefined
  try {
    const { progress, passedOver } = readCheckpoint(checkpoints, session)
    const done = progress?.step ?? 0
    for (const message of passedOver) emit({ type: 'notice', step: done, message: `a checkpoint was passed over: ${message}` })
    const repairs = new Repairs(session, training, seed, (step, message) => emit({ type: 'notice', step, message }))
    const steps = totalSteps(training, stepsPerEpoch)
    batches.begin(progress?.sampler, done, steps)
    if (!progress) {
      await setStart(
        configuration,
        session,
        checkpointFolder,
        async () => firstBatch(data.train, await batches.statistics(), training.batch, configuration.seed),
        threads,
      )
      repairs.atStart()
    }
    emit({
      type: 'started',
      units: recordedUnits(network),
      parameters: countParameters(network),
      done,
      steps,
      stepsPerEpoch,
      compileMs: performance.now() - compileBegan,
      versions: { tensorflow: tensorflow().TF_Version },
      device: deviceName(threads, partsOf(execution)),
    })
    if (followed.length > 0 && openSpectral)
      spectra = new LiveSpectra({
        ...{ session, layers: followed, settings: training.spectra, steps, stepsPerEpoch, open: openSpectral, emit },
      })
    if (!progress) spectra?.after(0)
    await new Loop(
      { configuration, session, data, copied, batches, stepsPerEpoch, repairs, spectra, steps, checkpointFolder, control, emit },
      progress,
    ).run()
  } finally {
    spectra?.close(0)
    session.close()
  }
}

/** Of images that are trained on, as the checks of the set are on record; those of another training split say nothing of this run. */
function copiesKnown(catalogue: Catalogue, { summary }: OpenDataset, { data }: Configuration): readonly number[] | null {
  return data.trainSplit === 'train' ? knownCopies(catalogue, summary.name, data.testSplit) : null
}

/**
 * Sets what the run begins with: a file's weights that lie with it, with their moving statistics where it has some, or initial values.
 * @throws UserError where the file is missing or is another than the configuration says.
 */
async function setStart(
  { weights, training, seed }: Configuration,
  session: NetworkSession,
  folder: string,
  first: () => Promise<Batch>,
  threads: number,
): Promise<void> {
  const { network, graph } = session
  if (weights === undefined) {
    return session.set('parameters', await startValues(network, graph.parameters, { ...training, seed }, first, threads))
  }
  const file = startWeightsFile(folder)
  if (!existsSync(file))
    throw new UserError('the weights that this run begins with are not in this data folder', {
      place: file,
      remedy: 'start it anew with them where it was first started',
    })
  if (hashFile(file) !== weights)
    throw new UserError('the weights that this run begins with were changed since it was started', {
      place: file,
      remedy: 'start a new run with them',
    })
  const reader = await openWeights(file)
  try {
    session.set('parameters', readWeights(reader, graph.parameters))
    if (statisticsPrefix(reader, graph.statistics) !== undefined)
      session.set('statistics', readStatistics(reader, graph.statistics))
  } finally {
    reader.close()
  }
}
