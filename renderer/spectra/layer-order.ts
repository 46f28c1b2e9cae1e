import type { LayerSpectrum } from '../../shared/api'
import { SPECTRUM_FIGURES } from '../../shared/spectra/figures'

export type SortKey = 'order' | 'name' | (typeof SPECTRUM_FIGURES)[number]['name']

/** Layers by a column; what has no number stands behind, whichever way round. */
export function sortedLayers(layers: readonly LayerSpectrum[], key: SortKey, isDown: boolean): LayerSpectrum[] {
  const sign = isDown ? -1 : 1
  if (key === 'order') return isDown ? [...layers].reverse() : [...layers]
  if (key === 'name') return [...layers].sort((a, b) => sign * a.name.localeCompare(b.name, undefined, { numeric: true }))
  const figure = SPECTRUM_FIGURES.find(({ name }) => name === key)!
  const known = (value: number | null): value is number => value !== null && !Number.isNaN(value)
  return [...layers].sort((a, b) => {
    const [x, y] = [figure.of(a), figure.of(b)]
    if (!known(x) || !known(y)) return known(x) ? -1 : known(y) ? 1 : 0
    return x === y ? 0 : sign * (x < y ? -1 : 1)
  })
}
