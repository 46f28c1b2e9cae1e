import { shallowRef, watch } from 'vue'
import type { BlockView } from '../charts/plot-frame'

/** The part of the blocks that each panel shows: one for all while they are linked, else its own. */
export function usePanelViews(linked: () => boolean, shared: () => BlockView | null, share: (view: BlockView) => void) {
  const own = shallowRef<ReadonlyMap<number, BlockView>>(new Map())
  watch(linked, () => (own.value = new Map()))
  return {
    /** The part that a run with so many units shows; all of it where the chosen part lies beyond. */
    viewOf(run: number, units: number): BlockView {
      const view = linked() ? shared() : own.value.get(run)
      return view && view.from < units
        ? { from: view.from, to: Math.min(view.to, units - 1) }
        : { from: 0, to: Math.max(0, units - 1) }
    },
    zoom(run: number, view: BlockView): void {
      if (linked()) share(view)
      else own.value = new Map(own.value).set(run, view)
    },
  }
}
