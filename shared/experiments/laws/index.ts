import { bestRate } from './best-rate'
import { depthLaw } from './depth-law'
import { deviationLaw } from './deviation'
import type { Law } from './law'
import { movedLaw } from './moved'

export type { Law, LawPoint, LawPoints } from './law'

/** Every law of the depth that an expectation may name. To add one: its file, and its line here. */
const LAWS = {
  'depth-law': depthLaw,
  deviation: deviationLaw,
  moved: movedLaw,
  'best-rate': bestRate,
} as const satisfies Readonly<Record<string, Law>>

export type LawName = keyof typeof LAWS
export const LAW_NAMES = Object.keys(LAWS) as [LawName, ...LawName[]]

export const lawOf = (name: LawName): Law => LAWS[name]
