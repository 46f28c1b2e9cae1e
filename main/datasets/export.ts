import path from 'node:path'
import type { JobProgress } from '../../shared/job'
import { Pace } from '../../shared/job'
import { SafetensorsReader, type TensorSource, writeSafetensors } from '../formats/safetensors'
import type { Catalogue } from './catalogue'
import { type Sample, sampleBytes, sampleOf, type Split } from './dataset'
import { IMAGES_FILE } from './imported/about'
import { samplesInfo, samplesName } from './imported/packed-plan'

const PIECE = 2 ** 24

/**
 * Writes a set as safetensors: `<split>/images` U8 [N, H, W, C], or `<split>/vectors` F32 [N, features], `<split>/labels` I32 [N], and as metadata
 * `classes`, a JSON list.
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
    control.tell(pace.told({ phase: 'writing', done, total: images }))
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
        summary.splits.flatMap((split) => packedTensors(file, sampleOf(summary), split.name, told)),
        metadata,
      )
    } finally {
      file.close()
    }
  }
  return { path: out, images }
}

function packedTensors(file: SafetensorsReader, sample: Sample, split: string, told: (images: number) => void): TensorSource[] {
  const { shape } = file.info(samplesName(split, sample))
  const images = shape[0]!
  const bytes = sampleBytes(sample)
  const together = Math.max(1, Math.floor(PIECE / bytes))
  const pieces = function* (): Generator<Uint8Array | Float32Array> {
    for (let at = 0; at < images; at += together) {
      const count = Math.min(together, images - at)
      const piece = new Uint8Array(count * bytes)
      file.readSlice(samplesName(split, sample), at * bytes, piece, 0, piece.length)
      told(count)
      yield valuesOf(piece, sample)
    }
  }
  return [
    { ...samplesInfo(split, images, sample), data: pieces },
    { name: `${split}/labels`, shape: [images], dtype: 'I32', data: () => [file.readIntegers(`${split}/labels`)] },
  ]
}

function splitTensors(split: Split, told: (images: number) => void): TensorSource[] {
  const bytes = sampleBytes(split)
  const pieces = function* (): Generator<Uint8Array | Float32Array> {
    for (let index = 0; index < split.length; index++) {
      const piece = new Uint8Array(bytes)
      split.read(index, piece, 0)
      if (index % 1000 === 999) told(1000)
      yield valuesOf(piece, split)
    }
  }
  return [
    { ...samplesInfo(split.name, split.length, split), data: pieces },
    { name: `${split.name}/labels`, shape: [split.length], dtype: 'I32', data: () => [split.labels] },
  ]
}

const valuesOf = (bytes: Uint8Array, { isVector }: Sample): Uint8Array | Float32Array =>
  isVector ? new Float32Array(bytes.buffer) : bytes
