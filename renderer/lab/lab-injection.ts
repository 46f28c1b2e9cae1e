import { inject, type InjectionKey, type Ref } from 'vue'
import type { Lab } from '../../shared/api'

/** How the wire to the lab stands. `refused`: the server does not know the token. */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused'

export interface LabLink {
  readonly lab: Lab
  readonly connection: Readonly<Ref<Connection>>
  /** Counts the openings of the wire, so that pages ask again after a break. */
  readonly session: Readonly<Ref<number>>
}

export const labKey: InjectionKey<LabLink> = Symbol('lab')

/** The lab; only composables call this. */
export function useLab(): LabLink {
  const link = inject(labKey)
  if (!link) throw new Error('useLab outside of the app')
  return link
}
