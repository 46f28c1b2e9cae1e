import type { PenaltyDefinition } from './definition'
import { kernel } from './kernel'
import { operator } from './operator'

/** Every penalty that draws kernels towards orthogonal ones. To add one: its file, and its line here. */
export const penalties = { kernel, operator } as const satisfies Readonly<Record<string, PenaltyDefinition>>

export type PenaltyName = keyof typeof penalties

export const PENALTY_NAMES = Object.keys(penalties) as [PenaltyName, ...PenaltyName[]]
