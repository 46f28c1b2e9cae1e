import { checkGroups, type ExpandedNetwork } from '../../../../shared/architecture'
import type { Tensor } from '../../../../shared/ops/graph'
import { type Constants, groupValues } from '../groups'
import type { Layout } from '../layout'
import { reportOf, unitNorms } from '../measures'
import { DATA_TYPE } from '../node'
import type { Variable } from '../node-graph'
import { clip, type Optimiser, update } from '../optimise'
import { flatten } from '../passes'
import type { TensorGraph } from '../tensor-graph'
import type { GraphContext } from './context'
import { penaltyGradient } from './penalty'
import type { TrainingPass } from './training-pass'

/** Steps that measure and update. */
export const STEP = {
  /** Measures of one step, and the update unless they are not finite. See `Measures`. */
  step: 'step',
  /** The same for norms of any size, where `step` leaves out the update for norms that it cannot measure; see `hasWideStep`. */
  wide: 'wide_step',
  /** The same step, of which only loss, accuracy and the whole gradient's norm are reported. */
  plain: 'plain_step',
} as const

/** @returns what has to be set once, before the first step. */
export function trainingStep(context: GraphContext, pass: TrainingPass, optimiser: Optimiser): Constants {
  const { g, network, parameters, statistics, theta, owners, value } = context
  const { statistics: moving } = context.state
  const { gradient, plain, unitHalves, wide, narrow, report } = pass
  checkGroups(network, optimiser.groups ?? [])
  const groups = groupValues(g, { network, layout: parameters, owners }, optimiser)
  const state = { network, layout: parameters, theta, kept: context.kept, owners, sides: context.sides }
  const penalty = optimiser.orthogonality && penaltyGradient(context, optimiser.orthogonality)
  const whole = (own: Tensor): Tensor => (penalty ? g.add(own, penalty) : own)
  const updates = (go: (value: Tensor) => Tensor): string[] => [
    ...update(g, state, value, clip(g, whole(go(gradient)), optimiser), optimiser, groups.values),
    ...(moving ? [moveStatistics(g, network, moving, statistics, pass.forward.results, go)] : []),
  ]
  // How far the update took each unit's parameters.
  const change = (after: readonly string[]): Tensor => {
    const moved = g.subtract(g.readAfter(theta, after), value)
    return g.normsOfHalves(unitNorms(g, network, parameters, moved))
  }
  const more = report.options.weights ? change : undefined
  const first = narrow ? reportOf(g, plain, [narrow.halves, ...unitHalves]) : wide
  guarded(g, first, STEP.step, updates, { more, range: narrow?.inRange })
  if (narrow) guarded(g, wide, STEP.wide, updates, { more })
  guarded(g, reportOf(g, plain, []), STEP.plain, updates)
  return groups.constants
}

const FLOAT = { type: DATA_TYPE.float } as const

/**
 * Lets the updates happen only where all measures are finite: at a divergence the weights stay those that diverged, so
 * that it can be traced. TensorFlow's Switch passes a tensor on without a copy, and not at all on the dead side.
 */
function guarded(
  g: TensorGraph,
  report: Tensor,
  name: string,
  updates: (go: (value: Tensor) => Tensor) => readonly string[],
  {
    more,
    range,
  }: { readonly more?: ((after: readonly string[]) => Tensor) | undefined; readonly range?: Tensor | undefined } = {},
): void {
  const finite = g.tensor('IsFinite', [report], report.shape, { T: FLOAT }, 'bool')
  const checks = range ? g.concatenate([finite, range], 0, [-1]) : finite
  const all = g.tensor('All', [checks, g.integers([0])], [], { Tidx: { type: DATA_TYPE.int32 }, keep_dims: { b: false } }, 'bool')
  const go = (value: Tensor): Tensor => ({ ...value, id: `${g.node('Switch', [value.id, all.id], { T: FLOAT })}:1` })
  const split = g.node('Switch', [report.id, all.id], { T: FLOAT })
  const done = updates(go)
  const refused = g.concatenate([{ ...report, id: split }, g.constant([0])], 0, [-1])
  const updated = [g.after({ ...report, id: `${split}:1` }, done), g.constant([1]), ...(more ? [more(done)] : [])]
  g.node('Merge', [refused.id, g.concatenate(updated, 0, [-1]).id], { T: FLOAT, N: { i: 2 } }, name)
}

/** moving ← moving − (1 − m)·(moving − batch), all layers at once. */
function moveStatistics(
  g: TensorGraph,
  network: ExpandedNetwork,
  moving: Variable,
  layout: Layout,
  results: readonly { readonly statistics?: Readonly<Record<string, Tensor>> }[],
  go: (value: Tensor) => Tensor,
): string {
  const byLayer = new Map(results.flatMap((result, i) => (result.statistics ? [[i, result.statistics] as const] : [])))
  const batch = go(flatten(g, byLayer, layout))
  const shares = layout.slots.map(
    (slot) => 1 - network.layers[slot.layer]!.op.statisticMomentum!(network.layers[slot.layer]!.attributes),
  )
  const share = shares.every((other) => other === shares[0])
    ? g.constant(shares[0]!)
    : g.constant(
        layout.slots.flatMap((slot, i) => new Array<number>(slot.length).fill(shares[i]!)),
        [layout.length],
      )
  const step = g.multiply(g.subtract(g.read(moving), batch), share)
  return g.node('AssignSubVariableOp', [moving.handle, step.id], { dtype: FLOAT })
}
