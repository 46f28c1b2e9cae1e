import { type ComputedRef, inject, type InjectionKey, type ShallowRef } from 'vue'
import type { NetworkCheck } from '../../../shared/architecture/check'
import type { Target } from '../edit'
import type { BlockView } from './drawing'

/** The measured ratio of one unit of a path. */
export interface UnitRatio {
  /** `stage1.block17`. */
  readonly name: string
  readonly ratio: number
}

/** What the canvas lends to the nodes that it draws. */
export interface CanvasContext {
  readonly check: ComputedRef<NetworkCheck>
  /** Ratios of the units at or within a path, in forward order; empty where none were measured. */
  ratiosOf(path: string): readonly UnitRatio[]
  /** A ratio's colour. */
  colourOf(ratio: number): string
  /** While a connection is drawn: the inputs that it may go to, and the block that they lie in. Null while none is. */
  readonly targets: ShallowRef<{ readonly level: string; readonly found: readonly Target[] } | null>
  readonly isReadOnly: ComputedRef<boolean>
  setView(path: string, view: BlockView | null): void
  /** The picked copies, by their ids (`stage1/block#17`). */
  readonly picked: Readonly<ShallowRef<readonly string[]>>
  pick(ids: readonly string[]): void
}

export const canvasKey: InjectionKey<CanvasContext> = Symbol('canvas')

export function useCanvas(): CanvasContext {
  const canvas = inject(canvasKey)
  if (!canvas) throw new Error('useCanvas outside of the canvas')
  return canvas
}
