import os from 'node:os'
import { expand, type ExpandedNetwork, networkFromDocument } from '../../../shared/architecture'
import { type LayerSpectrum, QUANTILES } from '../../../shared/api'
import { closest } from '../../../shared/closest'
import { UserError } from '../../../shared/errors'
import { type LayerOperator, layerOperators } from '../../../shared/spectra/layer-operators'
import { quantiles, summariseSpectrum } from '../../../shared/spectra/summary'
import { parameterLayout, statisticLayout } from '../graph/layout'
import type { SpectraFound, SpectraTask, TaskProgress, WeightsChoice } from '../questions'
import { frobeniusNorm } from '../spectra/convolution-map'
import { withActingKernels } from '../spectra/acting-kernels'
import { SpectrumCache } from '../spectra/cache'
import { axesOf } from '../spectra/operator'
import { openRecordedWeights } from '../../store/recorded-weights'
import { type OperatorSpectrum, operatorSpectra, type SurveyedOperator } from '../spectra/survey'
import { askedStartValues, type InitialChoice } from '../training/start-values'
import { checkWeights, openWeightsFor, readParameter, statisticsPrefix } from '../weights'

/**
 * The singular values of all linear layers of a network, or of some.
 *
 * @throws UserError where the weights do not fit the network, or a layer that is named is none.
 */
export async function networkSpectra(task: SpectraTask, tell: (progress: TaskProgress) => void): Promise<SpectraFound> {
  const began = performance.now()
  tell({ phase: 'reading' })
  const notes: string[] = []
  const { layers: all, name, tensors } = await opened(task)
  let operators: SurveyedOperator[]
  try {
    operators = readOperators(tensors, chosen(all, name, task.layers), task, notes)
  } finally {
    tensors.close()
  }
  const cache = task.cacheFolder === null ? undefined : new SpectrumCache(task.cacheFolder)
  const threads = task.threads ?? os.cpus().length
  const { spectra, ...counts } = operatorSpectra(operators, { threads, withBound: task.withBound, cache }, (done, total) =>
    tell({ phase: 'decomposing', done, total }),
  )
  return {
    layers: operators.map((operator, i) => told(operator, spectra[i]!, task)),
    ...counts,
    seconds: (performance.now() - began) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
    notes,
  }
}

/** Word in place of a network's document for weights that tell their layers themselves. */
const RECORDED = 'recorded'

/** The layers, what they are layers of, and their tensors, which the caller closes. */
async function opened({ network, weights, less }: SpectraTask): Promise<Opened> {
  const own = await openedOf(network, weights)
  if (less === undefined) return own
  try {
    return { ...own, tensors: difference(own.tensors, (await openedOf(network, less)).tensors) }
  } catch (error) {
    own.tensors.close()
    throw error
  }
}

/**
 * What training changed between two states of the weights: of kernels, as a layer with the difference for its kernel. Of batch norms nothing is told, as a scale's change is no
 * operator's that anything goes through.
 */
function difference(one: Tensors, other: Tensors): Tensors {
  return {
    parameter(name) {
      const [values, less] = [one.parameter(name), other.parameter(name)]
      return values.map((value, i) => value - less[i]!)
    },
    statistic: null,
    close() {
      one.close()
      other.close()
    },
  }
}

interface Opened {
  readonly layers: LayerOperator[]
  readonly name: string
  readonly tensors: Tensors
}

async function openedOf(told: unknown, weights: SpectraTask['weights']): Promise<Opened> {
  if (told === RECORDED && 'file' in weights) {
    const { reader, layers } = openRecordedWeights(weights.file, weights.name)
    const read = (tensor: string): Float32Array => reader.readFloats(tensor)
    return { layers: [...layers], name: reader.file, tensors: { parameter: read, statistic: read, close: () => reader.close() } }
  }
  const network = expand(networkFromDocument(told))
  const tensors = 'seed' in weights ? await initialTensors(network, weights) : await fileTensors(network, weights)
  return {
    ...{ layers: layerOperators(network), name: `network "${network.name}"` },
    tensors: { ...tensors, parameter: withActingKernels(network, tensors.parameter) },
  }
}

/** @throws UserError for a name that is no linear layer. */
function chosen(all: readonly LayerOperator[], place: string, names: readonly string[] | undefined): readonly LayerOperator[] {
  if (!names) return all
  const known = new Map(all.map((layer) => [layer.name, layer]))
  return names.map((name) => {
    const layer = known.get(name)
    if (layer) return layer
    const near = closest(name, [...known.keys()])
    throw new UserError(`there is no linear layer "${name.slice(0, 100)}"`, {
      place,
      remedy: near ? `did you mean ${near}?` : `it has ${[...known.keys()].slice(0, 6).join(', ')}, …`,
    })
  })
}

/** A network's tensors by their names; null for moving statistics that there are not. */
interface Tensors {
  parameter(name: string): Float32Array
  readonly statistic: ((name: string) => Float32Array) | null
  close(): void
}

async function fileTensors(network: ExpandedNetwork, weights: WeightsChoice): Promise<Tensors> {
  const file = await openWeightsFor(network, weights)
  try {
    const prefix = checkWeights(file, parameterLayout(network))
    const moving = statisticsPrefix(file, statisticLayout(network))
    return {
      parameter: (name) => readParameter(file, prefix + name),
      statistic: moving === undefined ? null : (name) => readParameter(file, moving + name),
      close: () => file.close(),
    }
  } catch (error) {
    file.close()
    throw error
  }
}

async function initialTensors(network: ExpandedNetwork, start: InitialChoice): Promise<Tensors> {
  const layout = parameterLayout(network)
  const values = await askedStartValues(network, layout, start)
  const slots = new Map(layout.slots.map((slot) => [slot.name, slot]))
  const kept = new Map(statisticLayout(network).slots.map((slot) => [slot.name, slot]))
  return {
    parameter(name) {
      const { offset, length } = slots.get(name)!
      return values.slice(offset, offset + length)
    },
    statistic: (name) => new Float32Array(kept.get(name)!.length).fill(kept.get(name)!.role === 'variance' ? 1 : 0),
    close: () => undefined,
  }
}

function readOperators(
  { parameter, statistic }: Tensors,
  layers: readonly LayerOperator[],
  { padding, less }: SpectraTask,
  notes: string[],
): SurveyedOperator[] {
  const isDifference = less !== undefined
  const norms = layers.filter(({ kind }) => kind === 'batch-norm').length
  if (norms > 0 && !statistic)
    notes.push(
      isDifference
        ? `${norms} batch norms are left out: the change of a scale is no operator`
        : `${norms} batch norms are left out: the weights have no moving statistics, by which they scale in evaluation`,
    )
  return layers.flatMap((layer): SurveyedOperator[] => {
    if (layer.kind === 'batch-norm') {
      if (!statistic) return []
      const [gamma, variance] = [parameter(layer.parameter), statistic(layer.variance)]
      return [
        { layer, acts: 'scale', values: gamma.map((value, c) => Math.abs(value) / Math.sqrt(variance[c]! + layer.epsilon)) },
      ]
    }
    const values = parameter(layer.parameter)
    if (layer.kind === 'dense') return [{ layer, acts: 'matrix', values }]
    const pads = padding === 'own' && layer.padding !== 'circular'
    return [{ layer, acts: pads ? 'padded' : 'circular', values }]
  })
}

function told({ layer, acts, values }: SurveyedOperator, spectrum: OperatorSpectrum, task: SpectraTask): LayerSpectrum {
  const { found, extremes, gramBound } = spectrum
  const isConvolution = layer.kind === 'convolution'
  return {
    ...{ name: layer.name, unit: layer.unit, kind: layer.kind, acts },
    kernel: layer.kind === 'batch-norm' ? [layer.channels] : [...layer.shape],
    input: layer.kind === 'dense' ? [] : [...layer.sides],
    ...(isConvolution
      ? { stride: layer.stride, dilation: layer.dilation, groups: layer.groups, padding: layer.padding }
      : { stride: 1, dilation: 1, groups: 1, padding: 0 }),
    summary: found && summariseSpectrum(found, task.delta),
    extremes,
    quantiles: found ? quantiles(found, QUANTILES) : new Float32Array(0),
    values: task.withValues && found ? found.values.slice() : null,
    times: found?.times ?? 1,
    edgeShare: isConvolution ? edgeShare({ ...layer, values }) : null,
    gramBound,
  }
}

/**
 * ‖circular − padded‖_F/‖circular‖_F. The two operators are equal but for the taps that reach over the edge, so the squares of their norms differ by those alone.
 *
 * @returns null where it wraps around itself, or the padding gives more outputs, or fewer, than pixels: then they are operators between other spaces.
 */
function edgeShare({
  sides: size,
  ...layer
}: Extract<LayerOperator, { kind: 'convolution' }> & { values: Float32Array }): number | null {
  if (layer.padding === 'circular') return null
  const [circular, padded] = (['circular', layer.padding] as const).map((padding) => ({ ...layer, size, padding }))
  const outputs = [circular!, padded!].map((operator) => axesOf(operator, layer.name).map((axis) => axis.outputs))
  if (outputs[0]!.join() !== outputs[1]!.join()) return null
  const [whole, left] = [circular!, padded!].map((operator) => frobeniusNorm(operator, layer.name))
  return whole! > 0 ? Math.sqrt(Math.max(0, 1 - (left! / whole!) ** 2)) : NaN
}
