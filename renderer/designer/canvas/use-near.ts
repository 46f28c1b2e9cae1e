import { computed, type Ref, shallowRef, watch } from 'vue'
import type { Drawing } from './drawing'
import type { Corners } from './edge-paths'

/** A part of the drawing, in its own pixels. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Networks of fewer drawn nodes are kept on the page whole. */
const FEW = 250
/** More nodes in view than this could not be told apart; they are drawn as plain boxes. */
const MANY = 400
/** How far beyond the window nodes are kept, as a share of it. */
const MARGIN = 0.6

export const overlaps = (a: Region, b: Region): boolean =>
  a.left <= b.right && a.right >= b.left && a.top <= b.bottom && a.bottom >= b.top

const contains = (outer: Region, inner: Region): boolean =>
  inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom

/**
 * The nodes that are near enough to the window to be on the page. It changes only when the window leaves what was kept around it,
 * so that moving the view costs nothing most of the time.
 */
export function useNear(
  drawing: Readonly<Ref<Drawing>>,
  corners: Readonly<Ref<Corners>>,
  viewport: Readonly<Ref<{ x: number; y: number; zoom: number }>>,
  size: Readonly<Ref<{ width: number; height: number }>>,
) {
  const kept = shallowRef<Region | null>(null)
  const isLarge = computed(() => drawing.value.nodes.filter(({ role }) => role !== 'copy').length > FEW)
  const region = computed(() => (isLarge.value ? kept.value : null))
  watch(
    [viewport, size, isLarge],
    ([{ x, y, zoom }, { width: measured, height: tall }, large]) => {
      if (!large) return
      // Before the window is measured: about as large as windows are.
      const [width, height] = measured > 0 ? [measured, tall] : [1280, 800]
      const view = { left: -x / zoom, top: -y / zoom, right: (width - x) / zoom, bottom: (height - y) / zoom }
      const before = kept.value
      // Far too much is kept after coming nearer.
      const isTight = before && before.right - before.left < (4 * width) / zoom
      if (before && isTight && contains(before, view)) return
      const [mx, my] = [(MARGIN * width) / zoom, (MARGIN * height) / zoom]
      kept.value = { left: view.left - mx, top: view.top - my, right: view.right + mx, bottom: view.bottom + my }
    },
    { immediate: true, deep: true },
  )
  /** Ids of the nodes that are near; null for all. */
  const near = computed((): ReadonlySet<string> | null => {
    const around = region.value
    if (!around) return null
    const found = new Set<string>()
    for (const { id, role, width, height } of drawing.value.nodes) {
      if (role === 'copy') continue
      const { x, y } = corners.value.get(id)!
      if (overlaps(around, { left: x, top: y, right: x + width, bottom: y + height })) found.add(id)
    }
    return found
  })
  return { region, near, isFar: computed(() => (near.value?.size ?? 0) > MANY) }
}
