/** From here on a number of single precision is as good as none: the largest is what programs write for no end. */
const NO_END = 3.4e38

/** A ReLU that ends at a value, which is a plain one where that ends nothing; undefined where it leaves nothing. */
export function clipped(
  most: number,
): { readonly kind: string; readonly attributes: Readonly<Record<string, number>> } | undefined {
  if (most >= NO_END) return { kind: 'relu', attributes: {} }
  if (!(Math.fround(most) > 0)) return undefined
  return { kind: 'clipped-relu', attributes: most === 6 ? {} : { most } }
}
