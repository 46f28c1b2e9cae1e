import type { CanvasTokens } from './canvas-tokens'
import { ratioTable, type Rgb } from './ratio-colours'

/** The tokens of the page's style as charts need them, of the light theme or the dark one; the page wears that from then on. */
export function readTokens(isDark: boolean): CanvasTokens {
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  const style = getComputedStyle(document.documentElement)
  const read = (name: string): string => style.getPropertyValue(name).trim()
  return {
    dark: isDark,
    // Names of fonts need no quotes, and quotes would end the attribute of an SVG that ECharts writes them into.
    font: read('--font').replace(/["']/g, ''),
    ink: read('--ink'),
    ink2: read('--ink-2'),
    ink3: read('--ink-3'),
    line: read('--line'),
    lineStrong: read('--line-strong'),
    surface: read('--surface'),
    sunken: read('--surface-sunken'),
    accent: read('--accent'),
    failed: read('--state-failed'),
    under: read('--ratio-under'),
    over: read('--ratio-over'),
    notFinite: read('--ratio-not-finite'),
    missing: read('--ratio-missing'),
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => read(`--series-${n}`)),
    ratios: ratioTable({
      under: rgb(read('--ratio-under')),
      over: rgb(read('--ratio-over')),
      notFinite: rgb(read('--ratio-not-finite')),
      missing: rgb(read('--ratio-missing')),
      stops: ['low', 'low-mid', 'one', 'high-mid', 'high'].map((stop) => rgb(read(`--ratio-${stop}`))),
    }),
  }
}

/** `#rrggbb`, or `#rgb` as a minifier may have left it. */
function rgb(colour: string): Rgb {
  const digits = colour.length === 4 ? colour.slice(1).replace(/./g, '$&$&') : colour.slice(1, 7)
  const word = Number.parseInt(digits, 16)
  return [word >> 16, (word >> 8) & 255, word & 255]
}
