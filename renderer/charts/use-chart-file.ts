import { inject, onScopeDispose, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue'

/** The paper that a chart's plot is drawn on, CSS pixels; what is measured, and in which unit, for the names of its axes. */
export interface Paper {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly unit: string
}

/** Draws a chart's plot as SVG. */
export type DrawPlot = (paper: Paper) => string

/** What is said behind a title: the parts of it that the title does not say already, and each of them once. */
export function saidOnce(title: string, unit: string): string {
  // A title may end in what it is by: `mean |r − 1|, blocks by network`.
  const said = title
    .toLowerCase()
    .replace(/ by [^,]+$/, '')
    .split(', ')
  return [...new Set(unit.split(', '))].filter((part) => part !== '' && !said.includes(part.toLowerCase())).join(', ')
}

/** What an axis of a file is called. */
export function axisName({ title, unit }: Paper): string {
  return [title, saidOnce(title, unit)].filter(Boolean).join(', ')
}

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
