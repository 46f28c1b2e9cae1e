import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { idxFiles } from '../../../../main/datasets/import/kinds/idx'
import type { FoundSet } from '../../../../main/datasets/import/found'
import { openFolder } from '../../../../main/formats/trees/folder-tree'
import { idx } from './files'

it('goes by the length that a packed file’s header says', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-idx-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const images = Buffer.from(idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]))
  const of = async (packed: Buffer, labels = idx([2], [1, 0])): Promise<FoundSet> => {
    writeFileSync(path.join(folder, 'train-images-idx3-ubyte.gz'), packed)
    writeFileSync(path.join(folder, 'train-labels-idx1-ubyte'), labels)
    return idxFiles.open(openFolder(folder), {})
  }
  const found: number[][] = []
  for await (const image of (await of(gzipSync(images))).images(() => true)) if ('pixels' in image) found.push([...image.pixels])
  expect(found).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ])
  await expect(of(gzipSync(Buffer.concat([images, Buffer.alloc(1e6)])))).rejects.toThrow(
    'ubyte.gz: this gzip file unpacks to more than the 24 bytes that its header says',
  )
  await expect(of(gzipSync(images.subarray(0, 20)))).rejects.toThrow('cut short: 2×2×2 of uint8 need 24 bytes, it has 20')
  await expect(of(gzipSync(images).subarray(0, 30))).rejects.toThrow('this gzip file is damaged or cut short')
  await expect(of(gzipSync(images), idx([1], [1]))).rejects.toThrow('there are 2 images and 1 labels')
})
