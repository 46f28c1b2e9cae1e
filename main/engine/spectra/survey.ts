import { createHash } from 'node:crypto'
import type { LayerOperator } from '../../../shared/spectra/layer-operators'
import type { SingularValues } from '../../../shared/spectra/summary'
import type { SpectrumCache } from './cache'
import { circularSpectra, type KernelBatch } from './frequencies'
import type { ConvolutionOperator } from './operator'
import { type Bounded, convolutionSpectrum, descending, frequencyBatch, isByFrequency, matrixSpectrum } from './spectrum'

/** A layer's operator with its numbers: the kernel's, or a batch norm's scales. */
export interface SurveyedOperator {
  readonly layer: LayerOperator
  readonly acts: 'circular' | 'padded' | 'matrix' | 'scale'
  readonly values: Float32Array
}

/** All values, or what was found of a large one. */
export interface OperatorSpectrum {
  readonly found: SingularValues | null
  readonly extremes: { readonly largest: Bounded; readonly smallest: Bounded; readonly frobenius: Bounded } | null
  readonly gramBound: number | null
}

export interface SurveyOptions {
  readonly threads: number
  readonly withBound: boolean
  readonly cache: SpectrumCache | undefined
}

/** Changes where the same kernel would get other values than before. */
const METHOD = 1

/** An operator that is to be computed, with what its computing costs, in some unit. */
interface Open {
  readonly key: string
  readonly operator: SurveyedOperator
  readonly cost: number
}

/**
 * The spectra of many operators: equal ones once, known ones out of the cache, those of one geometry together.
 *
 * @param tell Hears how much of the work is done.
 */
export function operatorSpectra(
  operators: readonly SurveyedOperator[],
  options: SurveyOptions,
  tell: (done: number, total: number) => void,
): { spectra: OperatorSpectrum[]; computed: number; equal: number; cached: number } {
  const keys = operators.map((operator) => keyOf(operator, options.withBound))
  const distinct = new Map(keys.map((key, i) => [key, operators[i]!]))
  const known = options.cache?.read([...distinct.keys()]) ?? new Map<string, OperatorSpectrum>()
  const found = new Map(known)
  const open = [...distinct]
    .filter(([key]) => !known.has(key))
    .map(([key, operator]) => ({ key, operator, cost: costOf(operator) }))
  const total = open.reduce((sum, { cost }) => sum + cost, 0)
  let done = 0
  const advance = (cost: number): void => {
    done += cost
    tell(done, total)
  }
  tell(0, total)
  for (const group of byGeometry(open)) computeGroup(group, options, found, advance)
  options.cache?.write(new Map(open.map(({ key }) => [key, found.get(key)!])))
  return {
    spectra: keys.map((key) => found.get(key)!),
    ...{ computed: open.length, equal: operators.length - distinct.size, cached: known.size },
  }
}

function keyOf(one: SurveyedOperator, withBound: boolean): string {
  const { layer, values } = one
  const geometry = geometryOf(layer)
  const operator = operatorOf(one)
  // A padded one that never meets an edge is the circular one, and none that an estimate is kept of.
  const acts = operator && isByFrequency(operator) ? 'circular' : one.acts
  const hash = createHash('sha256').update(JSON.stringify([METHOD, acts, withBound, geometry]))
  return hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex')
}

/** A layer without its names, which say nothing of the operator. */
function geometryOf(layer: LayerOperator): object {
  const { name: _, unit: __, parameter: ___, ...geometry } = layer
  return 'variance' in geometry ? { ...geometry, variance: '' } : geometry
}

function operatorOf({ layer, acts, values }: SurveyedOperator): ConvolutionOperator | undefined {
  if (layer.kind !== 'convolution') return undefined
  const { shape, sides: size, stride, dilation, groups } = layer
  return { shape, values, size, stride, dilation, groups, padding: acts === 'circular' ? 'circular' : layer.padding }
}

/** Operations in rough numbers, for the time that is left. */
function costOf(one: SurveyedOperator): number {
  const { layer } = one
  if (layer.kind === 'batch-norm') return 1
  if (layer.kind === 'dense') return 20 * Math.min(...layer.shape) ** 2 * Math.max(...layer.shape)
  const operator = operatorOf(one)!
  const [kh, kw, fanIn, out] = layer.shape
  const [height, width] = layer.sides
  const each = out / layer.groups
  if (isByFrequency(operator)) {
    const inputs = fanIn * layer.stride ** 2
    const points = kh * kw === 1 && layer.stride === 1 ? 1 : (height * width) / 2 / layer.stride ** 2
    return layer.groups * points * (10 * Math.min(inputs, each) ** 3 + 2000)
  }
  // As a matrix where it is small, else some hundred products with the kernel.
  const values = Math.min(height * width * fanIn, Math.ceil(height / layer.stride) * Math.ceil(width / layer.stride) * each)
  return layer.groups * (values <= 3000 ? 10 * values ** 3 : 500 * height * width * kh * kw * fanIn * each)
}

function byGeometry(open: readonly Open[]): Open[][] {
  const groups = new Map<string, Open[]>()
  for (const one of open) {
    const geometry = geometryOf(one.operator.layer)
    const key = JSON.stringify([one.operator.acts, geometry])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()]
}

function computeGroup(
  group: readonly Open[],
  { threads, withBound }: SurveyOptions,
  found: Map<string, OperatorSpectrum>,
  advance: (cost: number) => void,
): void {
  const first = operatorOf(group[0]!.operator)
  if (first && isByFrequency(first)) {
    const parts = group.map(({ operator }) => frequencyBatch(operatorOf(operator)!))
    const batch: KernelBatch = { ...parts[0]!, kernels: parts.flatMap(({ kernels }) => kernels) }
    const cost = group.reduce((sum, one) => sum + one.cost, 0)
    let told = 0
    const spectra = circularSpectra(batch, { threads, withBound }, (done, total) => {
      advance((cost * done) / total - told)
      told = (cost * done) / total
    })
    const { groups } = first
    group.forEach(({ key }, i) => {
      const own = spectra.slice(i * groups, (i + 1) * groups)
      found.set(key, {
        found: { values: groups === 1 ? own[0]!.values : descending(own.map(({ values }) => values)), times: own[0]!.times },
        extremes: null,
        gramBound: withBound ? Math.max(...own.map(({ gramBound }) => gramBound!)) : null,
      })
    })
    return
  }
  for (const { key, operator, cost } of group) {
    found.set(key, single(operator))
    advance(cost)
  }
}

function single(one: SurveyedOperator): OperatorSpectrum {
  const { layer, values } = one
  const none = { extremes: null, gramBound: null }
  if (layer.kind === 'batch-norm')
    return { ...none, found: { values: values.slice().sort().reverse(), times: layer.sides[0] * layer.sides[1] } }
  if (layer.kind === 'dense')
    return { ...none, found: { values: matrixSpectrum(values, layer.shape[0], layer.shape[1]).sort().reverse(), times: 1 } }
  const spectrum = convolutionSpectrum(operatorOf(one)!, layer.name)
  return 'singularValues' in spectrum
    ? { ...none, found: { values: spectrum.singularValues, times: 1 } }
    : { found: null, extremes: spectrum, gramBound: null }
}
