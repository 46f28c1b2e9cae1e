/** The splits by the words that people write for them. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  train: ['train', 'training', 'tr'],
  validation: ['val', 'valid', 'validation', 'dev'],
  test: ['test', 'testing', 't10k', 'te'],
}

/** The split that a name speaks of, by one of its words: `x_train.npy`, `t10k-images-idx3-ubyte`; undefined where it speaks of none. */
export function splitOf(name: string): string | undefined {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return Object.keys(WORDS).find((split) => WORDS[split]!.some((word) => words.includes(word)))
}

/** The split that a folder is, by its whole name. */
export function splitFolder(name: string): string | undefined {
  return Object.keys(WORDS).find((split) => WORDS[split]!.includes(name.toLowerCase()))
}

/** The split of a file within a source: by its own name, or else by the nearest folder that is one. */
export function splitOfFile(path: string): string | undefined {
  const parts = path.split('/')
  const own = splitOf(parts.pop()!)
  return (
    own ??
    parts
      .reverse()
      .map(splitFolder)
      .find((split) => split !== undefined)
  )
}

/** Training first, then validation, then test, then others by name. */
export function splitOrder(a: string, b: string): number {
  const order = ['train', 'validation', 'test']
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0)
}
