import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSet, recognise } from '../../../../main/datasets/import'
import { openTree } from '../../../../main/formats/trees'
import type { ImportChoices } from '../../../../shared/datasets/import-choices'
import { npy, zip } from './files'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-arrays-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** The bytes that the images of an .npz come to. */
async function bytesOf(word: '|u1' | '|b1', values: readonly number[], choices: ImportChoices = {}): Promise<number[]> {
  const source = path.join(folder, 'x.npz')
  const images = Buffer.from(npy('|u1', [values.length / 2, 1, 2], values))
  images.write(word, images.indexOf('|u1'), 'latin1')
  writeFileSync(source, zip({ 'x.npy': images, 'y.npy': npy('|u1', [values.length / 2], [0, 1]) }))
  const tree = await openTree(source)
  try {
    const { set } = await openSet(recognise(tree, undefined), tree, choices)
    const all: number[] = []
    for await (const image of set.images(() => true)) if ('pixels' in image) all.push(...image.pixels)
    return all
  } finally {
    tree.close()
  }
}

it('truth values are black and white, whole numbers what they are', async () => {
  expect(await bytesOf('|b1', [0, 1, 1, 0])).toEqual([0, 255, 255, 0])
  expect(await bytesOf('|b1', [0, 1, 1, 0], { scale: '255' })).toEqual([0, 1, 1, 0])
  expect(await bytesOf('|u1', [0, 1, 1, 0])).toEqual([0, 1, 1, 0])
  expect(await bytesOf('|u1', [0, 1, 1, 0], { scale: '1' })).toEqual([0, 255, 255, 0])
})
