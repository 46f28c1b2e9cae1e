import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll } from 'vitest'
import { Catalogue } from '../../../main/datasets/catalogue'
import { ABOUT_FILE, ABOUT_VERSION, IMAGES_FILE } from '../../../main/datasets/imported/about'
import { PackedWriter } from '../../../main/datasets/imported/packed-writer'

export interface WrittenSplit {
  readonly name: string
  readonly labels: readonly number[]
  /** The pixels of an image. */
  readonly image: (index: number) => readonly number[]
}

/** A folder of data sets that goes when the tests of the file are done. */
export function datasetsFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'normlab-sets-'))
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes a set as an import leaves it. */
export function writeSet(
  folder: string,
  name: string,
  shape: readonly [height: number, width: number, channels: number],
  classes: readonly string[],
  splits: readonly WrittenSplit[],
): Catalogue {
  const place = path.join(folder, name)
  fs.mkdirSync(place, { recursive: true })
  const plan = { shape, classes, splits: splits.map(({ name, labels }) => ({ name, images: labels.length })) }
  const writer = new PackedWriter(path.join(place, IMAGES_FILE), plan)
  splits.forEach(({ labels, image }, split) =>
    labels.forEach((_, index) => writer.put(split, index, Uint8Array.from(image(index)))),
  )
  const about = {
    ...{
      format: 'normlab/dataset',
      version: ABOUT_VERSION,
      name,
      shape,
      classes,
      ...writer.finish(splits.map(({ labels }) => Int32Array.from(labels))),
    },
    source: { place: '/pictures', kind: 'arrays', choices: {} },
    ...{ remarks: [], importedAt: '2026-11-29T00:00:00Z' },
  }
  fs.writeFileSync(path.join(place, ABOUT_FILE), JSON.stringify(about))
  return new Catalogue(folder)
}
