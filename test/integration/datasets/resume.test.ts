import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { About } from '../../../main/datasets/imported/about'
import type { TaskProgress } from '../../../main/engine/questions'
import { importDataset } from '../../../main/engine/tasks/import-dataset'
import { temporaryHome } from '../lab-support'
import { bmp, writePictures } from './pictures'

const { home, remove } = temporaryHome()
const source = path.join(home, 'pictures')
const folder = path.join(home, 'set')
const CLASSES = 3
const EACH = 1500

beforeAll(() => writePictures(source, CLASSES, EACH))
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
})
afterAll(remove)

function bring(tell: (progress: TaskProgress) => void = () => undefined): Promise<About> {
  return importDataset({ source, name: 'set', choices: {}, folder }, tell)
}

/** Breaks an import off once so many images were read. */
async function brokenOff(after: number): Promise<void> {
  const end = new Error('broken off')
  const broken = bring(({ done = 0 }) => {
    if (done >= after) throw end
  })
  await expect(broken).rejects.toBe(end)
}

/** The first count that is told: images that were there, and the first few new ones. */
async function resumed(): Promise<{ about: About; first: number }> {
  const told: number[] = []
  const about = await bring(({ phase, done = 0 }) => void (phase === 'reading' && told.push(done)))
  return { about, first: told[0]! }
}

it('goes on where an import that was broken off was, and comes to the same set', async () => {
  writeFileSync(path.join(source, 'class1/broken.bmp'), bmp(4, 4, [1, 2, 3]).subarray(0, 60))
  const whole = await bring()
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
  await brokenOff(3000)
  const { about, first } = await resumed()
  expect(first).toBeGreaterThan(2000)
  expect({ ...about, importedAt: '' }).toEqual({ ...whole, importedAt: '' })
  expect(readdirSync(folder).sort()).toEqual(['about.json', 'images.safetensors'])
  rmSync(path.join(source, 'class1/broken.bmp'))
})

it('begins anew where the source was changed meanwhile', async () => {
  await brokenOff(3000)
  writeFileSync(path.join(source, 'class0/7.bmp'), bmp(4, 4, [200, 200, 200]))
  const { about, first } = await resumed()
  expect(first).toBeLessThan(2000)
  expect(about.splits[0]!.levels[1]![200]).toBeGreaterThan(0)
})

it('begins anew where what was left is damaged', async () => {
  await brokenOff(3000)
  writeFileSync(path.join(folder, 'progress'), 'half')
  expect((await resumed()).first).toBeLessThan(2000)
})

it('refuses a file that was changed while the folder was read', async () => {
  const changing = bring(({ done = 0 }) => {
    if (done > 0) writeFileSync(path.join(source, 'class2/99.bmp'), bmp(5, 5, [0, 0, 0]))
  })
  await expect(changing).rejects.toThrow(/class2\/99\.bmp: it was changed while it was read; wait/)
  writeFileSync(path.join(source, 'class2/99.bmp'), bmp(4, 4, [2, 99, 0]))
})

it('tells of a file that went while the folder was read', async () => {
  const going = bring(({ done = 0 }) => {
    if (done > 0) rmSync(path.join(source, 'class2/98.bmp'), { force: true })
  })
  await expect(going).rejects.toThrow(/class2\/98\.bmp: it cannot be read: there is no such file or folder/)
})
