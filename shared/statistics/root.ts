/**
 * Where an ascending or descending function has a value, by false position with the halving of the end that stays (Illinois: Dowell and Jarratt 1971).
 *
 * @param low With `high` the first bracket, which is widened until the value lies in it.
 */
export function rootOf(of: (x: number) => number, value: number, low: number, high: number): number {
  let [a, b] = [low, high]
  let [fa, fb] = [of(a) - value, of(b) - value]
  for (let i = 0; i < 200 && fa * fb > 0; i++) {
    const width = b - a
    if (Math.abs(fa) < Math.abs(fb)) fa = of((a -= width)) - value
    else fb = of((b += width)) - value
  }
  for (let i = 0; i < 200 && Math.abs(b - a) > 1e-12 * Math.max(1, Math.abs(a), Math.abs(b)); i++) {
    const x = fa === fb ? (a + b) / 2 : (a * fb - b * fa) / (fb - fa)
    const fx = of(x) - value
    if (Math.abs(fx) < 1e-14) return x
    // Between b, the newest, and a on its other side.
    if (fx * fb < 0) [a, fa] = [b, fb]
    else fa /= 2
    ;[b, fb] = [x, fx]
  }
  return (a + b) / 2
}
