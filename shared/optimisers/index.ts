import { cutText } from '../cut-text'
import { adam } from './adam'
import { adamw } from './adamw'
import type { OptimiserDefinition, OptimiserSettings } from './definition'
import { muon } from './muon'
import { sgd } from './sgd'
import { soap } from './soap'

export {
  isOptimiserMatrix,
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

/** What rates depend on. */
type Rated = Pick<OptimiserSettings, 'muon'> & {
  readonly optimiser: OptimiserName
  readonly rate: number
  readonly groups: readonly {
    readonly parameters: string
    readonly optimiser?: OptimiserName | undefined
    readonly rateFactor: number
  }[]
}

/** What to know of a rate that is far above the usual one of the run's optimiser, or of a group's: the lab's own default is SGD's. Undefined where none is. */
export function checkRate({ optimiser, rate, groups, muon }: Rated): string | undefined {
  const far = (who: string, name: OptimiserName, asked: number): string[] => {
    const { label, usualRate }: OptimiserDefinition = optimisers[name]
    const usual = usualRate({ muon })
    const times = asked / usual
    if (times <= FAR) return []
    const told = Number(asked.toPrecision(4))
    return [`${who}, ${told}, is ${Math.round(times)} times ${label}’s usual one, ${usual}: such a run often learns nothing`]
  }
  const found = [
    ...far('the rate', optimiser, rate),
    ...groups.flatMap((group) =>
      group.optimiser === undefined
        ? []
        : far(`the rate of the group ${cutText(group.parameters)}`, group.optimiser, rate * group.rateFactor),
    ),
  ]
  return found.length > 0 ? found.join('; ') : undefined
}

/** An optimiser and that of what it does not take. */
export function withOthers(name: OptimiserName): readonly OptimiserDefinition[] {
  const own: OptimiserDefinition = optimisers[name]
  return own.others === undefined ? [own] : [own, optimisers[own.others as OptimiserName]]
}
