import path from 'node:path'
import type { JobProgress } from '../../shared/job'
import { Pace } from '../../shared/job'
import { SafetensorsReader, type TensorSource, writeSafetensors } from '../formats/safetensors'
import type { Catalogue } from './catalogue'
import type { Split } from './dataset'
import { IMAGES_FILE } from './imported/about'

const PIECE = 2 ** 24

/**
 * Writes a set as safetensors: `<split>/images` U8 [N, H, W, C], `<split>/labels` I32 [N], and as metadata `classes`, a JSON list.
 *
 * @returns where, and how many images there are in all.
 */

export async function exportSet(
  catalogue: Catalogue,
  name: string,
  out: string,
  control: { readonly tell: (progress: JobProgress) => void },
): Promise<{ path: string; images: number }> {
  const summary = catalogue.describe(name)
  const pace = new Pace()
  const images = summary.splits.reduce((sum, split) => sum + split.images, 0)
  let done = 0
  const told = (count: number): void => {
    done += count
    control.tell({
      phase: 'writing',
      done,
      total: images,
      secondsLeft: pace.secondsLeft({ phase: 'writing', done, total: images }),
    })
  }
  const metadata = { format: 'normlab/dataset', classes: JSON.stringify(summary.classes) }
  if (summary.hash === undefined) {
    writeSafetensors(
      out,
      summary.splits.flatMap((split) => splitTensors(catalogue.openSplit(name, split.name), told)),
      metadata,
    )
  } else {
    const file = SafetensorsReader.open(path.join(catalogue.folderOf(name), IMAGES_FILE), `data set "${name}"`)
    try {
      writeSafetensors(
        out,
        summary.splits.flatMap((split) => packedTensors(file, split.name, told)),
        metadata,
      )
    } finally {
      file.close()
    }
  }
  return { path: out, images }
}

function packedTensors(file: SafetensorsReader, split: string, told: (images: number) => void): TensorSource[] {
  const { shape } = file.info(`${split}/images`)
  const image = shape[1]! * shape[2]! * shape[3]!
  const together = Math.max(1, Math.floor(PIECE / image))
  const pieces = function* (): Generator<Uint8Array> {
    for (let at = 0; at < shape[0]!; at += together) {
      const count = Math.min(together, shape[0]! - at)
      const piece = new Uint8Array(count * image)
      file.readSlice(`${split}/images`, at * image, piece, 0, piece.length)
      told(count)
      yield piece
    }
  }
  return [
    { name: `${split}/images`, shape, dtype: 'U8', data: pieces },
    { name: `${split}/labels`, shape: [shape[0]!], dtype: 'I32', data: () => [file.readIntegers(`${split}/labels`)] },
  ]
}

function splitTensors(split: Split, told: (images: number) => void): TensorSource[] {
  const image = split.shape.reduce((product, side) => product * side, 1)
  const pieces = function* (): Generator<Uint8Array> {
    for (let index = 0; index < split.length; index++) {
      const piece = new Uint8Array(image)
      split.read(index, piece, 0)
      if (index % 1000 === 999) told(1000)
      yield piece
    }
  }
  return [
    { name: `${split.name}/images`, shape: [split.length, ...split.shape], dtype: 'U8', data: pieces },
    { name: `${split.name}/labels`, shape: [split.length], dtype: 'I32', data: () => [split.labels] },
  ]
}
