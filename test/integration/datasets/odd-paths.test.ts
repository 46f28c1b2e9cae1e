import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpenLab } from '../../../main/lab'
import { SafetensorsReader } from '../../../main/formats/safetensors'
import { idx } from '../../unit/datasets/import/files'
import { openLab, temporaryHome } from '../lab-support'
import { bmp } from './pictures'

/** Folders and files of names that shells, addresses and file systems take otherwise. */
const { home, remove } = temporaryHome()
const odd = path.join(home, 'Nörm Läb (1) 100% "quoted" \'n\' $HOME #2')
let lab: OpenLab

beforeAll(() => {
  mkdirSync(odd)
  lab = openLab(path.join(odd, 'data folder ü'))
})
afterAll(async () => {
  await lab.close()
  remove()
})

const LONG = 'l'.repeat(255)
const WIDE = 'ä'.repeat(127)

/** Imports a source under a name made of its own, and gives back what an export to an odd place has. */
async function throughExport(source: string): Promise<{ name: string; classes: string[]; images: number[]; labels: number[] }> {
  const set = await lab.start('datasets.import', { source }).result
  const out = path.join(odd, `out 50% ${set.name.slice(0, 30)}.safetensors`)
  await lab.start('datasets.export', { name: set.name, out }).result
  const file = SafetensorsReader.open(out)
  try {
    const { name, classes } = set
    return {
      name,
      classes,
      images: [...(file.read('train/images') as Uint8Array)],
      labels: [...file.readIntegers('train/labels')],
    }
  } finally {
    file.close()
  }
}

describe('a path with blanks, marks and letters of any kind', () => {
  it('is imported from and exported to, with the classes as they are written', async () => {
    const folder = path.join(odd, 'Bilder %20 & so')
    const classes = ['1 %d', 'Grün', '“quote”', LONG.slice(0, 200), WIDE]
    for (const [i, name] of classes.entries()) {
      mkdirSync(path.join(folder, name), { recursive: true })
      writeFileSync(path.join(folder, name, `${i} ä'".bmp`), bmp(2, 1, [i, 2 * i, 3 * i]))
    }
    writeFileSync(path.join(folder, 'Grün', `${LONG.slice(0, 251)}.bmp`), bmp(2, 1, [9, 9, 9]))
    const found = await throughExport(folder)
    expect(found.name).toBe('Bilder %20 & so')
    expect([...found.classes].sort()).toEqual([...classes].sort())
    expect(found.labels.map((label) => found.classes[label]).filter((name) => name === 'Grün')).toHaveLength(2)
    expect(found.images).toHaveLength(6 * 6)
  })

  it('of a single file beside its other half is read too', async () => {
    const folder = path.join(odd, 'x #1; y')
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'train-images-idx3-ubyte'), idx([2, 1, 2], [1, 2, 3, 4]))
    writeFileSync(path.join(folder, 'train-labels-idx1-ubyte'), idx([2], [1, 0]))
    const found = await throughExport(path.join(folder, 'train-images-idx3-ubyte'))
    expect([found.images, found.labels]).toEqual([
      [1, 2, 3, 4],
      [1, 0],
    ])
  })

  it('that makes no name asks for one, or is given a folder that every system takes', async () => {
    const folder = path.join(odd, LONG)
    mkdirSync(folder)
    copyFileSync(path.join(odd, 'x #1; y/train-images-idx3-ubyte'), path.join(folder, 'images-idx3'))
    copyFileSync(path.join(odd, 'x #1; y/train-labels-idx1-ubyte'), path.join(folder, 'labels-idx1'))
    await expect(lab.start('datasets.import', { source: folder }).result).rejects.toThrow(/a name .*; give it one: --name NAME/)
    await lab.start('datasets.import', { source: folder, name: '残差 – ü 100%' }).result
    const stored = readdirSync(path.join(odd, 'data folder ü/datasets'))
    expect(stored).toHaveLength(3)
    for (const name of stored) expect(name).toMatch(/^[a-z0-9-]+$/)
    expect(existsSync(path.join(odd, 'data folder ü/datasets', stored[0]!, 'about.json'))).toBe(true)
  })
})
