import type { TheoryAnswer } from '../../../shared/api'
import { shortestSingle } from '../../../shared/float32'
import { boundDelta } from '../../../shared/norms/bound'
import { column, type TableContent, words } from '../../charts/table-content'
import { formatRatio, plainNumber } from '../../ui/format'

const EXTREMES = ['σₙ', 'within', 'σ₁', 'within']

/** Unit by unit; behind them the dense layers. @param c Of the bound. */
export function theoryTable(found: TheoryAnswer, c: number): TableContent {
  const { pieces, ratios, measured, whitened, blocks, epoch } = found
  const delta = boundDelta(c, blocks)
  const ends = (spectrum: TheoryAnswer['pieces'][number]['spectrum'] | null): (number | undefined)[] =>
    spectrum
      ? [spectrum.smallest.value, spectrum.smallest.error, spectrum.largest.value, spectrum.largest.error]
      : [undefined, undefined, undefined, undefined]
  const measuredColumns = [
    `ratio${measured ? `, step ${measured.step}` : ''}`,
    ...['mean', 'smallest', 'largest'].map((name) => `${name}${epoch === null ? '' : `, epoch ${epoch}`}`),
  ]
  const none = (count: number): undefined[] => Array.from({ length: count }, () => undefined)
  return {
    columns: [
      ...[words('unit'), words('kind'), ...EXTREMES.map((name) => column(name, plainNumber))],
      ...measuredColumns.map((name) => column(name, formatRatio)),
      ...['1 − δ', '1 + δ'].map((name) => column(name, formatRatio)),
      column('σ₁ of F′', plainNumber),
      ...['projected', 'L2 pooling', 'whitened'].flatMap((what) =>
        EXTREMES.map((name) => column(`${what} ${name}`, plainNumber)),
      ),
    ],
    rows: [
      ...pieces.map(({ name, kind, spectrum, branch, repaired, pooled }, i) => [
        ...[name, kind, ...ends(spectrum)],
        measured ? shortestSingle(measured.ratios[i]!) : undefined,
        ...[ratios[i]?.mean, ratios[i]?.least, ratios[i]?.greatest].map((ratio) =>
          ratio === undefined ? undefined : shortestSingle(ratio),
        ),
        ...(kind === 'block' ? [Math.max(0, 1 - delta), 1 + delta] : none(2)),
        branch?.largest.value,
        ...[...ends(repaired), ...ends(pooled), ...none(4)],
      ]),
      ...whitened.map(({ layer, before: [largest, smallest], after: [most, least] }) => [
        ...[layer, 'dense layer', smallest, 0, largest, 0],
        ...none(4 + 2 + 1 + 8),
        ...[least, 0, most, 0],
      ]),
    ],
  }
}
