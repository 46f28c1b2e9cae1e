import { inject, onScopeDispose, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue'

/** Draws a chart's plot as SVG at a size, CSS pixels. */
export type DrawPlot = (size: { readonly width: number; readonly height: number }) => string

const key: InjectionKey<ShallowRef<DrawPlot | null>> = Symbol('chart file')

/** In a chart's frame: what its chart draws for a file, once there is one. */
export function provideChartFile(): ShallowRef<DrawPlot | null> {
  const draw = shallowRef<DrawPlot | null>(null)
  provide(key, draw)
  return draw
}

/** In a chart: how it is drawn for a file. */
export function useChartFile(draw: DrawPlot): void {
  const place = inject(key, null)
  if (!place) return
  place.value = draw
  onScopeDispose(() => {
    if (place.value === draw) place.value = null
  })
}
