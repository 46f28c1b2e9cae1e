import type { EpochRecord } from '../records'

/**
 * What an epoch left out of its ratios, in one sentence; undefined where nothing was, or it is not known. The norms of a finished step are
 * finite, so a ratio that is not has a norm of 0 beneath it, or one so small that their quotient is beyond single precision.
 */
export function missingWords({ epoch, measured = 0, ratios: { notFinite } }: EpochRecord): string | undefined {
  if (!notFinite || measured === 0) return undefined
  const units = notFinite.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  if (units === 0) return undefined
  const count = notFinite.reduce((sum, one) => sum + one, 0)
  return (
    `in epoch ${epoch}, ${count} of ${measured * notFinite.length} ratios are not finite, in ${units} of ${notFinite.length} units: ` +
    'the gradient’s norm behind them is 0, or so small that single precision does not hold the ratio. They are left out of its means and counted'
  )
}
