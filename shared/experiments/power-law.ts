import { z } from 'zod'
import { Measured } from '../records'
import { studentT } from '../statistics/student'

/** y = a·xᵇ through some points: a straight line over both logarithms. */
export const PowerLaw = z.object({
  /** b, by least squares of log y over log x. */
  slope: z.number(),
  /** Its standard error; NaN of two points, which every line goes through. */
  error: Measured,
  /** Half of its 95 % interval, the error times Student's t of points − 2 degrees of freedom; NaN of two points. */
  interval: Measured,
  points: z.number().int(),
  /** Different values of x. */
  places: z.number().int(),
})
export type PowerLaw = z.infer<typeof PowerLaw>

/** Through the points whose values are finite and above 0; null of fewer than two values of x. */
export function powerLaw(given: readonly { readonly x: number; readonly y: number }[]): PowerLaw | null {
  const points = given
    .filter(({ x, y }) => x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y))
    .map(({ x, y }) => [Math.log(x), Math.log(y)] as const)
  const places = new Set(points.map(([x]) => x)).size
  if (places < 2) return null
  const mean = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x0, y0] = [mean(0), mean(1)]
  const spread = points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0)
  const slope = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0) / spread
  const freedom = points.length - 2
  const rest = points.reduce((sum, [x, y]) => sum + (y - y0 - slope * (x - x0)) ** 2, 0)
  const error = freedom > 0 ? Math.sqrt(rest / freedom / spread) : NaN
  return { slope, error, interval: freedom > 0 ? error * studentT(freedom) : NaN, points: points.length, places }
}

/** `−0.92 ± 0.11 (95 %) of 15 runs at 5 depths`. @param show How a number is written. @param what What its points are. */
export function lawWords(
  { slope, interval, points, places }: PowerLaw,
  show: (value: number) => string,
  what: 'runs' | 'points' = 'runs',
): string {
  const half = Number.isNaN(interval) ? '' : ` ± ${show(interval)} (95 %)`
  return `${show(slope).replace('-', '−')}${half} of ${points} ${what} at ${places} depths`
}
