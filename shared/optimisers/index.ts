import { adam } from './adam'
import { adamw } from './adamw'
import type { OptimiserDefinition } from './definition'
import { muon } from './muon'
import { sgd } from './sgd'
import { soap } from './soap'

export {
  OPTIMISER_MATRICES,
  OPTIMISER_STATE,
  type OptimiserDefinition,
  type OptimiserMatrix,
  type OptimiserSettings,
  type OptimiserState,
} from './definition'

/** Every optimiser. To add one: its file, and its line here. */
export const optimisers = { sgd, adam, adamw, muon, soap } as const satisfies Readonly<Record<string, OptimiserDefinition>>

export type OptimiserName = keyof typeof optimisers

export const OPTIMISER_NAMES = Object.keys(optimisers) as [OptimiserName, ...OptimiserName[]]

/** So many times its usual rate an optimiser seldom trains at. */
const FAR = 30

/** What to know of a rate that is far above the optimiser's usual one: the lab's own default is SGD's. Undefined where it is not. */
export function checkRate({ optimiser, rate }: { readonly optimiser: OptimiserName; readonly rate: number }): string | undefined {
  const { label, usualRate } = optimisers[optimiser]
  const times = rate / usualRate
  return times <= FAR
    ? undefined
    : `the rate, ${rate}, is ${Math.round(times)} times ${label}’s usual one, ${usualRate}: such a run often learns nothing`
}

/** An optimiser and that of what it does not take. */
export function withOthers(name: OptimiserName): readonly OptimiserDefinition[] {
  const own: OptimiserDefinition = optimisers[name]
  return own.others === undefined ? [own] : [own, optimisers[own.others as OptimiserName]]
}
