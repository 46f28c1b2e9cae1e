import { describe, expect, it } from 'vitest'
import type { Optimiser } from '../../main/engine/graph/optimise'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'
import { expectClose } from './support/compare'

/** The update rules once more, entry by entry in double precision, from the session's own gradients. */
const network = expand(networkFromPreset('resnet:blocks=1,widths=4/8,input=8x8x3'))
const BATCH = 4
const RATE = 0.05

interface State {
  readonly first: Float64Array
  readonly second: Float64Array
}

function updated(
  options: Optimiser,
  w: Float32Array,
  gradient: Float32Array,
  { first, second }: State,
  step: number,
  group: (i: number) => { decay: number; factor: number; optimiser?: string | undefined },
): Float64Array {
  const { momentum, nesterov, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, clipValue = Infinity, clipNorm = Infinity } = options
  const clipped = Array.from(gradient, (g) => Math.max(-clipValue, Math.min(clipValue, g)))
  const norm = Math.sqrt(clipped.reduce((sum, g) => sum + g * g, 0))
  return Float64Array.from(w, (value, i) => {
    const { decay, factor, optimiser = options.optimiser } = group(i)
    const rate = RATE * factor
    const g = clipped[i]! * Math.min(1, clipNorm / norm)
    const d = optimiser === 'adamw' ? g : g + decay * value
    if (optimiser === undefined || optimiser === 'sgd') {
      first[i] = momentum * first[i]! + d
      return value - rate * (nesterov ? d + momentum * first[i]! : first[i]!)
    }
    first[i] = beta1 * first[i]! + (1 - beta1) * d
    second[i] = beta2 * second[i]! + (1 - beta2) * d * d
    const mean = first[i]! / (1 - beta1 ** step)
    const root = Math.sqrt(second[i]! / (1 - beta2 ** step))
    const decayed = optimiser === 'adamw' ? value * (1 - rate * decay) : value
    return decayed - (rate * mean) / (root + epsilon)
  })
}

const plain = { momentum: 0.9, nesterov: false, weightDecay: 0.01 }
const cases: readonly (readonly [string, Optimiser])[] = [
  ['SGD with momentum', plain],
  ['Nesterov’s momentum', { ...plain, nesterov: true }],
  ['no momentum, no decay', { momentum: 0, nesterov: false, weightDecay: 0 }],
  ['Adam', { ...plain, optimiser: 'adam' }],
  ['Adam with its constants changed', { ...plain, optimiser: 'adam', beta1: 0.8, beta2: 0.9, epsilon: 1e-3 }],
  ['AdamW', { ...plain, optimiser: 'adamw' }],
  ['a clipped norm', { ...plain, clipNorm: 0.1 }],
  ['a norm that needs no clipping', { ...plain, clipNorm: 1e6 }],
  ['clipped values', { ...plain, clipValue: 0.01 }],
  ['values clipped, then the norm', { ...plain, clipValue: 0.05, clipNorm: 0.2, optimiser: 'adam' }],
]
const groups = [
  { parameters: 'norms', weightDecay: 0, rateFactor: 1 },
  { parameters: 'biases', weightDecay: 0, rateFactor: 1 },
]
const rates = [
  { parameters: 'head.*', rateFactor: 0.1 },
  { parameters: 'kernels', weightDecay: 0.1, rateFactor: 2 },
]
for (const optimiser of ['sgd', 'adam', 'adamw'] as const) {
  for (const nesterov of optimiser === 'sgd' ? [false, true] : [false])
    (cases as (readonly [string, Optimiser])[]).push(
      [
        `${optimiser}${nesterov ? ' with Nesterov' : ''}, no decay of norms and biases`,
        { ...plain, optimiser, nesterov, groups },
      ],
      [`${optimiser}${nesterov ? ' with Nesterov' : ''}, rates of their own`, { ...plain, optimiser, nesterov, groups: rates }],
    )
}

const optimisersOfTheirOwn = [
  { parameters: 'head.*', optimiser: 'adamw' as const, rateFactor: 0.1 },
  { parameters: 'norms', optimiser: 'adam' as const, rateFactor: 1, weightDecay: 0 },
]
;(cases as (readonly [string, Optimiser])[]).push(
  ['SGD, with groups that have other optimisers', { ...plain, nesterov: true, groups: optimisersOfTheirOwn }],
  ['AdamW, with a group that has another', { ...plain, optimiser: 'adamw', groups: [optimisersOfTheirOwn[1]!] }],
)

describe('an update', () => {
  it.each(cases)('by %s is the rule’s', (_, optimiser) => {
    const session = new NetworkSession(network, { batch: BATCH, optimiser, threads: 2 })
    try {
      const { slots, length } = session.graph.parameters
      const slotOf = slots.flatMap((slot) => new Array<(typeof slots)[number]>(slot.length).fill(slot))
      const group = (i: number): { decay: number; factor: number; optimiser?: string | undefined } => {
        const { name, local } = slotOf[i]!
        const found = optimiser.groups?.find(({ parameters }) =>
          parameters === 'norms'
            ? local === 'gamma' || local === 'beta'
            : parameters === 'biases'
              ? local === 'bias'
              : parameters === 'kernels'
                ? local === 'kernel'
                : name.startsWith('head.'),
        )
        return { decay: found?.weightDecay ?? optimiser.weightDecay, factor: found?.rateFactor ?? 1, optimiser: found?.optimiser }
      }
      session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 1))
      const state = { first: new Float64Array(length), second: new Float64Array(length) }
      const random = new Random(3)
      for (let step = 1; step <= 4; step++) {
        const images = Float32Array.from({ length: BATCH * 8 * 8 * 3 }, () => random.normal())
        const labels = Int32Array.from({ length: BATCH }, () => random.integer(10))
        const before = session.get('parameters')
        const { gradients } = session.differentiate({ images, labels })
        session.step({ images, labels }, RATE, step)
        const wanted = updated(optimiser, before, gradients, state, step, group)
        const change = Float32Array.from(session.get('parameters'), (value, i) => value - before[i]!)
        expectClose(
          change,
          Float32Array.from(wanted, (value, i) => value - before[i]!),
          2e-4,
          `step ${step}`,
        )
      }
    } finally {
      session.close()
    }
  })

  it('by Muon moves kernels along isometries, and all else and the head as AdamW does', () => {
    const muon = { method: 'svd', momentum: 0.95, scale: 'original' } as const
    const options: Optimiser = { ...plain, optimiser: 'muon', muon, weightDecay: 0 }
    const both = [options, { ...plain, optimiser: 'adamw' as const, weightDecay: 0 }].map((optimiser) => {
      const session = new NetworkSession(network, { batch: BATCH, optimiser, threads: 2 })
      session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 1))
      const random = new Random(3)
      const images = Float32Array.from({ length: BATCH * 8 * 8 * 3 }, () => random.normal())
      const before = session.get('parameters').slice()
      session.step({ images, labels: Int32Array.of(1, 2, 3, 4) }, RATE, 1)
      const change = session.get('parameters').map((value, i) => value - before[i]!)
      const squares = session.get('squares').slice()
      session.close()
      return { slots: session.graph.parameters.slots, change, squares }
    })
    const [byMuon, byAdam] = both as [(typeof both)[0], (typeof both)[0]]
    for (const { name, local, shape, offset, length } of byMuon.slots) {
      const own = byMuon.change.slice(offset, offset + length)
      if (local !== 'kernel' || name === 'head.kernel') {
        expectClose(own, byAdam.change.slice(offset, offset + length), 1e-5, name)
        continue
      }
      const [columns, rows] = [shape[shape.length - 1]!, length / shape[shape.length - 1]!]
      const norm = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0))
      // An isometry's, all of whose singular values are 1, times its gain.
      const wanted = RATE * Math.sqrt(Math.min(rows, columns) * Math.max(1, columns / rows))
      expect(Math.abs(norm / wanted - 1)).toBeLessThan(1e-3)
      expect(byMuon.squares.slice(offset, offset + length).every((value) => value === 0)).toBe(true)
    }
  })

  it('by SOAP leaves kernels where they are by the first gradient, decay and all, and moves all else, the head and those too long on both sides as AdamW does', () => {
    const options: Optimiser = { ...plain, optimiser: 'soap', soap: { every: 10, side: 4 }, weightDecay: 0.1 }
    const both = [options, { ...plain, optimiser: 'adamw' as const, weightDecay: 0.1 }].map((optimiser) => {
      const session = new NetworkSession(network, { batch: BATCH, optimiser, threads: 2 })
      session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 1))
      const random = new Random(3)
      const images = Float32Array.from({ length: BATCH * 8 * 8 * 3 }, () => random.normal())
      const states = [session.get('parameters').slice()]
      for (let step = 1; step <= 2; step++) {
        session.step({ images, labels: Int32Array.of(1, 2, 3, 4) }, RATE, step)
        states.push(session.get('parameters').slice())
      }
      const { parameters, sides } = session.graph
      session.close()
      return { slots: parameters.slots, sides: sides.slots, states }
    })
    const [bySoap, byAdam] = both as [(typeof both)[0], (typeof both)[0]]
    const taken = new Set(bySoap.sides.map(({ layer }) => bySoap.slots.find((slot) => slot.layer === layer && slot.local === 'kernel')!.name)) // prettier-ignore
    expect(taken.size).toBeGreaterThan(0)
    for (const { name, local, shape, offset, length } of bySoap.slots) {
      const [start, first, second] = bySoap.states.map((state) => state.slice(offset, offset + length)) as [Float32Array, Float32Array, Float32Array] // prettier-ignore
      const isShort = Math.min(shape[shape.length - 1]!, length / shape[shape.length - 1]!) <= 4
      expect(taken.has(name), name).toBe(local === 'kernel' && name !== 'head.kernel' && isShort)
      if (taken.has(name)) {
        expect(first, name).toEqual(start)
        expect(second, name).not.toEqual(first)
      } else expectClose(first, byAdam.states[1]!.slice(offset, offset + length), 1e-5, name)
    }
  })

  it('refuses a group that no parameter fits', () => {
    const optimiser = { ...plain, groups: [{ parameters: 'stage9.*', rateFactor: 1 }] }
    expect(() => new NetworkSession(network, { batch: BATCH, optimiser })).toThrow(
      /^training\.groups: no parameter fits the group "stage9\.\*"; say kernels, biases, norms, or a pattern/,
    )
  })
})

describe('label smoothing', () => {
  it('spreads a share of each label over all classes, in loss and gradient', () => {
    const share = 0.2
    const open = (labelSmoothing: number): NetworkSession => {
      const session = new NetworkSession(network, { batch: BATCH, labelSmoothing, threads: 1 })
      session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 1))
      return session
    }
    const random = new Random(4)
    const images = Float32Array.from({ length: BATCH * 8 * 8 * 3 }, () => random.normal())
    const [smoothed, hard] = [open(share), open(0)]
    const labelsOf = (label: number): Int32Array => new Int32Array(BATCH).fill(label)
    const { measures, gradients } = smoothed.differentiate({ images, labels: labelsOf(3) })
    // Cross-entropy is linear in the targets: the smoothed loss is a mean of the losses for every label.
    let loss = 0
    const gradient = new Float64Array(gradients.length)
    for (let label = 0; label < 10; label++) {
      const weight = share / 10 + (label === 3 ? 1 - share : 0)
      const other = hard.differentiate({ images, labels: labelsOf(label) })
      loss += weight * other.measures.loss
      other.gradients.forEach((value, i) => (gradient[i]! += weight * value))
    }
    expect(measures.loss).toBeCloseTo(loss, 5)
    expectClose(gradients, Float32Array.from(gradient), 1e-4, 'gradient')
    smoothed.close()
    hard.close()
  })
})
