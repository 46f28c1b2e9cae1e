import type { ExpandedNetwork } from '../../../shared/architecture'
import type { Training } from '../../../shared/configuration'
import type { Tensor } from '../../../shared/ops/graph'
import type { OptimiserDefinition, OptimiserSettings, OptimiserState } from '../../../shared/optimisers'
import { ADAM_FEED } from '../../../shared/optimisers/adam'
import type { FusedUpdate } from '../../../shared/optimisers/definition'
import type { Layout } from './layout'
import { DATA_TYPE } from './node'
import type { Variable } from './node-graph'
import type { TensorGraph } from './tensor-graph'
import { updateInPieces } from './update/pieces'
import { optimiserSettings } from './update/settings'
import type { SideLayout } from './update/side-layout'
import { wordsOf } from './update/words'

/** How parameters are updated. What is absent is off, or has its usual value. */
export type Optimiser = Pick<Training, 'momentum' | 'nesterov' | 'weightDecay'> & Partial<Training>

/** Name of the placeholder of the learning rate. */
const RATE_FEED = 'rate'

/** Weight decay and rate factor of each parameter vector's entry; a number where all are equal. */
export interface GroupValues {
  readonly decay: number | Variable
  readonly factor: number | Variable
}

/** Parameters, and the vectors that are kept beside them. */
export interface UpdatedState {
  readonly network: ExpandedNetwork
  readonly layout: Layout
  readonly theta: Variable
  /** What optimisers keep. */
  readonly kept: Readonly<Partial<Record<OptimiserState, Variable>>>
  /** Of what they keep for the sides of kernels. */
  readonly sides: SideLayout
  /** Which optimiser has each parameter. */
  readonly owners: readonly OptimiserDefinition[]
}

/**
 * The update of all parameters at once: vectors in TensorFlow's own fused operations where all parameters share one optimiser and one rate.
 *
 * @param value The parameters before the update. @param gradient dE/dθ, clipped.
 * @returns names of the nodes to be waited for.
 */
export function update(
  g: TensorGraph,
  state: UpdatedState,
  value: Tensor,
  gradient: Tensor,
  options: Optimiser,
  { decay, factor }: GroupValues,
): string[] {
  const { theta, owners } = state
  const settings = optimiserSettings(options)
  const base = g.placeholder(RATE_FEED, [])
  const isShared = typeof factor === 'number' && factor === 1
  const rate = isShared ? base : g.multiply(read(g, factor), base)
  const decays = typeof decay !== 'number' || decay !== 0
  const owner = owners[0]!
  const kept = (): Record<OptimiserState, Tensor> =>
    Object.fromEntries(Object.entries(state.kept).map(([name, variable]) => [name, g.read(variable)])) as never
  const keep = (found: Partial<Record<OptimiserState, Tensor>>): string[] =>
    Object.entries(found).map(([name, vector]) => g.assign(state.kept[name as OptimiserState]!, vector))
  const subtract = (step: Tensor, waits: readonly string[] = []): string =>
    g.node('AssignSubVariableOp', [theta.handle, g.after(step, waits).id], { dtype: FLOAT })

  if (owner.others !== undefined || owners.some((other) => other !== owner)) {
    const inputs = { value, gradient, rate, decay: decays ? read(g, decay) : null, kept: kept() }
    const found = updateInPieces(g, state, inputs, settings)
    return [subtract(found.step), ...keep(found.kept)]
  }
  const penalty = (): Tensor => g.multiply(value, read(g, decay))
  const descent = decays && !owner.isDecoupled ? g.add(penalty(), gradient) : gradient
  const waits = decays && owner.isDecoupled ? [subtract(g.multiply(penalty(), rate))] : []
  const fused = isShared ? owner.fused?.(settings) : undefined
  if (fused) return [...waits, applyFused(g, theta, state.kept, rate, descent, settings, fused, waits)]
  // An optimiser that asks for the kernels one by one is not here.
  const found = owner.update(wordsOf(g, () => []), { gradient: descent, rate, kept: kept() }, settings) // prettier-ignore
  return [...waits, subtract(found.step, waits), ...keep(found.kept)]
}

const FLOAT = { type: DATA_TYPE.float } as const

const read = (g: TensorGraph, value: number | Variable): Tensor => (typeof value === 'number' ? g.constant(value) : g.read(value))

/** TensorFlow's update in one pass over memory; one rate for all. */
function applyFused(
  g: TensorGraph,
  theta: Variable,
  { momenta, squares }: UpdatedState['kept'],
  rate: Tensor,
  descent: Tensor,
  { momentum, beta1, beta2 }: OptimiserSettings,
  fused: FusedUpdate,
  waits: readonly string[],
): string {
  const after = waits.map((name) => `^${name}`)
  const attributes = { T: FLOAT, use_locking: { b: false } }
  if (fused.kind === 'momentum') {
    const inputs = [theta.handle, momenta!.handle, rate.id, descent.id, g.constant(momentum).id]
    return g.node('ResourceApplyMomentum', [...inputs, ...after], { ...attributes, use_nesterov: { b: fused.nesterov } })
  }
  const fed = [ADAM_FEED.beta1Power, ADAM_FEED.beta2Power].map((name) => g.placeholder(name, []))
  const inputs = [...fed, rate, g.constant(beta1), g.constant(beta2), g.placeholder(ADAM_FEED.epsilon, []), descent]
  return g.node('ResourceApplyAdam', [theta.handle, momenta!.handle, squares!.handle, ...inputs.map(({ id }) => id), ...after], {
    ...attributes,
    use_nesterov: { b: false },
  })
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

/** Feeds of the update at a step. @param owners The optimisers that parameters have. @param step From 1. */
export function optimiserFeeds(
  owners: Iterable<OptimiserDefinition>,
  options: Optimiser,
  rate: number,
  step: number,
): Record<string, number> {
  const settings = optimiserSettings(options)
  const fed = [...owners].map((definition) => definition.feeds?.(settings, step))
  return Object.assign({ [RATE_FEED]: rate }, ...fed) as Record<string, number>
}
