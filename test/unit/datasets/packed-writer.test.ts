import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ABOUT_FILE, type About } from '../../../main/datasets/imported/about'
import { Random } from '../../../shared/random'
import { datasetsFolder, writeSet } from './packed-support'

const folder = datasetsFolder()

it.each([
  [1, 1, 1],
  [5, 3, 3],
  [3, 7, 1],
  [2, 3, 3],
] as const)('the levels of images of %i×%i×%i are what counting each value gives', (height, width, channels) => {
  const random = new Random(height)
  const images = Array.from({ length: 7 }, () =>
    Array.from({ length: height * width * channels }, () => (random.uniform() < 0.5 ? 9 : random.integer(256))),
  )
  const labels = images.map((_, i) => i % 2)
  const name = `s${height}${width}${channels}`
  writeSet(folder, name, [height, width, channels], ['a', 'b'], [{ name: 'train', labels, image: (i) => images[i]! }])
  const { splits } = JSON.parse(fs.readFileSync(path.join(folder, name, ABOUT_FILE), 'utf8')) as About
  const counts = Array.from({ length: channels }, () => new Array<number>(256).fill(0))
  for (const image of images) image.forEach((level, i) => counts[i % channels]![level]!++)
  expect(splits[0]!.levels).toEqual(counts)
  expect(splits[0]!.classCounts).toEqual([4, 3])
})
