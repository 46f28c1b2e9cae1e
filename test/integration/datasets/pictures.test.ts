import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pythonPackages } from '../../../build/prepare/python-packages'
import { importDataset } from '../../../main/engine/tasks/import-dataset'
import { readNpy } from '../../../main/formats/npy'
import { SafetensorsReader } from '../../../main/formats/safetensors'
import { temporaryHome } from '../lab-support'

const { home, remove } = temporaryHome()
const cases = path.join(home, 'cases')
/** Forms that are listed instead of being shown with wrong colours. */
const REFUSED = ['pal.bmp']

beforeAll(async () => {
  const env = { ...process.env, PYTHONPATH: await pythonPackages(), PYTHONUTF8: '1' }
  execFileSync('python3', [path.join(__dirname, 'write_pictures.py'), cases], { env, stdio: ['ignore', 'inherit', 'inherit'] })
})
afterAll(remove)

/** What became of a folder with one picture: its shape and pixels, or the sentence. */
async function read(name: string): Promise<{ shape: readonly number[]; pixels: number[] } | string> {
  const folder = path.join(home, 'set')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const source = path.join(cases, name.split('.')[0]!)
  try {
    await importDataset({ source, name, choices: {}, folder }, () => undefined)
  } catch (error) {
    return (error as Error).message
  }
  const set = SafetensorsReader.open(path.join(folder, 'images.safetensors'))
  try {
    return { shape: set.info('train/images').shape.slice(1), pixels: [...(set.read('train/images') as Uint8Array)] }
  } finally {
    set.close()
  }
}

it('reads depths, palettes, alpha, interlacing, animations, inks and turns pixel by pixel as Pillow does, or lists them', async () => {
  const names = readdirSync(cases).flatMap((name) => (name.endsWith('.npy') ? [name.slice(0, -4)] : []))
  expect(names.length).toBeGreaterThan(25)
  for (const name of names) {
    const found = await read(name)
    if (REFUSED.includes(name)) {
      expect(found, name).toMatch(/its one picture cannot be read/)
      continue
    }
    const right = readNpy(readFileSync(path.join(cases, `${name}.npy`)), name)
    expect(found, name).toEqual({ shape: right.shape, pixels: Array.from(right.data as Uint8Array) })
  }
})
