import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Random } from '../../shared/random'
import { png } from './png'

const SIDE = 32
const CLASSES = ['one', 'two']

/**
 * A folder `tiles` of pictures of two classes that have nothing in common: sixteen fields of any colours.
 *
 * @param each Pictures of each class in each split.
 * @param copies Pictures of the first class: the train one, from 0, and the test one that is the same.
 * @returns its path.
 */
export function tilesWithCopies(
  home: string,
  each: { readonly train: number; readonly test: number },
  copies: readonly (readonly [train: number, test: number])[],
): string {
  const folder = path.join(home, 'tiles')
  const random = new Random(3)
  const tiles = (): Uint8Array => {
    const colours = Array.from({ length: 16 }, () => [random.integer(256), random.integer(256), random.integer(256)])
    return Uint8Array.from(
      { length: 3 * SIDE * SIDE },
      (_, k) => colours[4 * Math.floor(k / 768) + Math.floor((Math.floor(k / 3) % SIDE) / 8)]![k % 3]!,
    )
  }
  const copied = copies.map(([train, test]) => ({ train, test, pixels: tiles() }))
  for (const split of ['train', 'test'] as const)
    for (const name of CLASSES) {
      mkdirSync(path.join(folder, split, name), { recursive: true })
      for (let i = 0; i < each[split]; i++) {
        const copy = name === CLASSES[0] ? copied.find((one) => one[split] === i) : undefined
        // In the order of their names.
        const file = path.join(folder, split, name, `${String(i).padStart(3, '0')}.png`)
        writeFileSync(file, png(SIDE, SIDE, copy?.pixels ?? tiles()))
      }
    }
  return folder
}
