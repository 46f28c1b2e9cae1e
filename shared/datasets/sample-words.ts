/** What a set's images or vectors are. */
interface Sampled {
  readonly shape: readonly number[]
  readonly vectors?: object | undefined
}

/** `32×32×3`, `2 features`. */
export const sizeWords = ({ shape, vectors }: Sampled): string =>
  vectors ? `${shape.at(-1)} ${shape.at(-1) === 1 ? 'feature' : 'features'}` : shape.join('×')

/** `images of 32×32×3`, `vectors of 2 features`. */
export const sampleWords = (set: Sampled): string => `${set.vectors ? 'vectors' : 'images'} of ${sizeWords(set)}`
