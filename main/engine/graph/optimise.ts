import type { Training } from '../../../shared/configuration'
import type { Tensor } from '../../../shared/ops/graph'
import { DATA_TYPE } from './node'
import type { Variable } from './node-graph'
import type { TensorGraph } from './tensor-graph'

/** How parameters are updated. What is absent is off, or Adam's usual value. */
export type Optimiser = Pick<Training, 'momentum' | 'nesterov' | 'weightDecay'> &
  Partial<Pick<Training, 'optimiser' | 'beta1' | 'beta2' | 'epsilon' | 'groups' | 'clipNorm' | 'clipValue'>>

/** Names of the placeholders that the update reads. */
export const OPTIMISER_FEED = { rate: 'rate', beta1Power: 'beta1_power', beta2Power: 'beta2_power', epsilon: 'epsilon' } as const

/** The vectors that an update keeps from step to step, in the parameters' layout. */
export interface Moments {
  /** SGD's velocity, or Adam's mean of the gradient. */
  readonly first: Variable
  /** Adam's mean of the squared gradient. */
  readonly second?: Variable
}

export const isAdam = ({ optimiser }: Optimiser): boolean => optimiser === 'adam' || optimiser === 'adamw'

/** Weight decay and rate factor of each parameter vector's entry; a number where all are equal. */
export interface GroupValues {
  readonly decay: number | Variable
  readonly factor: number | Variable
}

/**
 * The update of all parameters at once. Vectors in TensorFlow's own fused operations where all parameters share one rate.
 *
 * - SGD: v ← momentum·v + d with d = g + decay·w; w ← w − rate·v, or with Nesterov w ← w − rate·(d + momentum·v).
 * - Adam (Kingma and Ba 2015, algorithm 1): m ← β₁m + (1−β₁)d, v ← β₂v + (1−β₂)d², w ← w − rate·m̂/(√v̂ + ε), with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).
 * - AdamW (Loshchilov and Hutter 2019): d = g, and before Adam's step w ← w − rate·decay·w.
 *
 * @param value The parameters before the update. @param gradient dE/dθ, clipped.
 * @returns names of the nodes to be waited for.
 */
export function update(
  g: TensorGraph,
  theta: Variable,
  moments: Moments,
  value: Tensor,
  gradient: Tensor,
  options: Optimiser,
  { decay, factor }: GroupValues,
): string[] {
  const shared = typeof factor === 'number' && factor === 1
  const base = g.placeholder(OPTIMISER_FEED.rate, [])
  const rate = shared ? base : g.multiply(read(g, factor), base)
  const isDecoupled = options.optimiser === 'adamw'
  const decays = typeof decay !== 'number' || decay !== 0
  const penalty = (): Tensor => g.multiply(value, read(g, decay))
  const descent = decays && !isDecoupled ? g.add(penalty(), gradient) : gradient
  const waits: string[] = []
  if (decays && isDecoupled)
    waits.push(g.node('AssignSubVariableOp', [theta.handle, g.multiply(penalty(), rate).id], { dtype: FLOAT }))
  const own = shared ? fused : elementwise
  return [...waits, own(g, theta, moments, rate, descent, options, waits)]
}

const FLOAT = { type: DATA_TYPE.float } as const

const read = (g: TensorGraph, value: number | Variable): Tensor => (typeof value === 'number' ? g.constant(value) : g.read(value))

function adamScalars(g: TensorGraph): { beta1Power: Tensor; beta2Power: Tensor; epsilon: Tensor } {
  return {
    beta1Power: g.placeholder(OPTIMISER_FEED.beta1Power, []),
    beta2Power: g.placeholder(OPTIMISER_FEED.beta2Power, []),
    epsilon: g.placeholder(OPTIMISER_FEED.epsilon, []),
  }
}

/** TensorFlow's update in one pass over memory; one rate for all. */
function fused(
  g: TensorGraph,
  theta: Variable,
  { first, second }: Moments,
  rate: Tensor,
  descent: Tensor,
  options: Optimiser,
  waits: readonly string[],
): string {
  const { momentum, nesterov, beta1 = 0.9, beta2 = 0.999 } = options
  const after = waits.map((name) => `^${name}`)
  if (!second)
    return g.node('ResourceApplyMomentum', [theta.handle, first.handle, rate.id, descent.id, g.constant(momentum).id, ...after], {
      T: FLOAT,
      use_locking: { b: false },
      use_nesterov: { b: nesterov },
    })
  const { beta1Power, beta2Power, epsilon } = adamScalars(g)
  const inputs = [beta1Power, beta2Power, rate, g.constant(beta1), g.constant(beta2), epsilon, descent].map(({ id }) => id)
  return g.node('ResourceApplyAdam', [theta.handle, first.handle, second.handle, ...inputs, ...after], {
    T: FLOAT,
    use_locking: { b: false },
    use_nesterov: { b: false },
  })
}

/** The same by single operations, for a rate of its own for every entry. */
function elementwise(
  g: TensorGraph,
  theta: Variable,
  { first, second }: Moments,
  rate: Tensor,
  descent: Tensor,
  options: Optimiser,
  waits: readonly string[],
): string {
  const { momentum, nesterov, beta1 = 0.9, beta2 = 0.999 } = options
  const assign = (variable: Variable, value: Tensor): Tensor => g.after(value, [g.assign(variable, value)])
  const subtract = (step: Tensor): string =>
    g.node('AssignSubVariableOp', [theta.handle, g.after(step, waits).id], { dtype: FLOAT })
  if (!second) {
    const velocity = assign(first, g.add(g.scale(g.read(first), momentum), descent))
    return subtract(g.multiply(nesterov ? g.add(descent, g.scale(velocity, momentum)) : velocity, rate))
  }
  const { beta1Power, beta2Power, epsilon } = adamScalars(g)
  const one = g.constant(1)
  const mean = assign(first, g.add(g.scale(g.read(first), beta1), g.scale(descent, 1 - beta1)))
  const square = assign(second, g.add(g.scale(g.read(second), beta2), g.scale(g.square(descent), 1 - beta2)))
  // As in TensorFlow's own operation: the corrections are the rate's, and ε is fed already scaled.
  const correction = g.divide(g.squareRoot(g.subtract(one, beta2Power)), g.subtract(one, beta1Power))
  return subtract(g.multiply(g.divide(mean, g.add(g.squareRoot(square), epsilon)), g.multiply(rate, correction)))
}

/**
 * The gradient with every entry's absolute value at most `clipValue`, and its whole norm at most `clipNorm` then (Pascanu et al. 2013).
 */
export function clip(g: TensorGraph, gradient: Tensor, { clipValue, clipNorm }: Optimiser): Tensor {
  let clipped = gradient
  if (clipValue !== undefined)
    clipped = g.tensor('ClipByValue', [clipped, g.constant(-clipValue), g.constant(clipValue)], gradient.shape, { T: FLOAT })
  if (clipNorm === undefined) return clipped
  const norm = g.normsOfHalves(g.halfSquaredNorm(clipped))
  const most = g.constant(clipNorm)
  return g.multiply(clipped, g.divide(most, g.tensor('Maximum', [norm, most], [], { T: FLOAT })))
}

/** Feeds of the update at a step. @param step From 1: the power of Adam's decay rates. */
export function optimiserFeeds(options: Optimiser, rate: number, step: number): Record<string, number> {
  if (!isAdam(options)) return { [OPTIMISER_FEED.rate]: rate }
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options
  const beta2Power = beta2 ** step
  return {
    [OPTIMISER_FEED.rate]: rate,
    [OPTIMISER_FEED.beta1Power]: beta1 ** step,
    [OPTIMISER_FEED.beta2Power]: beta2Power,
    // TensorFlow adds ε to √v, the paper to √v̂.
    [OPTIMISER_FEED.epsilon]: epsilon * Math.sqrt(1 - beta2Power),
  }
}
