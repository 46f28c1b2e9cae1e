import type { LayerChangeAnswer } from '../api'

/** A figure of a layer, its unit or its network before and after a change. */
export interface ChangeRow {
  readonly what: string
  readonly form: 'value' | 'ratio' | 'share' | 'loss'
  /** Null where there is none. */
  readonly before: number | null
  readonly after: number | null
}

const SPECTRUM = [
  ['largest singular value', 'largest'],
  ['smallest', 'smallest'],
  ['distance to the nearest isometry', 'isometryDistance'],
] as const

/** What a change of a layer comes to: its spectrum, and where they were measured the ratios and how the network does on the split. */
export function changeRows(found: Pick<LayerChangeAnswer, 'before' | 'after' | 'ratios' | 'chain' | 'test'>): ChangeRow[] {
  const { before, after, ratios, chain, test } = found
  const at = ratios ? ratios.units.findIndex(({ name }) => name === before.unit) : -1
  return [
    ...SPECTRUM.map(([what, name]): ChangeRow => {
      return { what, form: 'value', before: before.summary?.[name] ?? null, after: after.summary?.[name] ?? null }
    }),
    ...(ratios && at >= 0
      ? [{ what: `ratio of ${before.unit}`, form: 'ratio' as const, before: ratios.before[at]!, after: ratios.after[at]! }]
      : []),
    ...(chain ? [{ what: 'chain ratio', form: 'ratio' as const, ...chain }] : []),
    ...(test
      ? [
          { what: 'test accuracy', form: 'share' as const, before: test.before.accuracy, after: test.after.accuracy },
          { what: 'test loss', form: 'loss' as const, before: test.before.loss, after: test.after.loss },
        ]
      : []),
  ]
}
