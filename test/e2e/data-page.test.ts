import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { png } from '../support/png'
import { tilesWithCopies } from '../support/tiles'
import { chooseFiles, withApp, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'
import { seriousFindings } from './designer-driver'
import { focused, tabTo } from './keyboard-driver'

const SIDE = 12
const CLASSES = ['cloud', 'rain', 'sun']
const EACH = 30

/** A folder of pictures by class, train and test, each of another colour. */
function pictures(home: string): string {
  const folder = path.join(home, 'weather')
  for (const split of ['train', 'test'])
    CLASSES.forEach((name, label) => {
      mkdirSync(path.join(folder, split, name), { recursive: true })
      for (let i = 0; i < EACH; i++)
        writeFileSync(
          path.join(folder, split, name, `${String(i).padStart(3, '0')}.png`),
          png(
            SIDE,
            SIDE,
            Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, k) => (80 * label + 5 * i + k) % 256),
          ),
        )
    })
  return folder
}

/** A pair of IDX files, as MNIST's. */
function idxPair(home: string): string[] {
  const count = 20
  const pixels = Buffer.from(Uint8Array.from({ length: count * 36 }, (_, i) => i % 256))
  const images = path.join(home, 't10k-images-idx3-ubyte')
  const labels = path.join(home, 't10k-labels-idx1-ubyte')
  writeFileSync(images, Buffer.concat([Buffer.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 6, 0, 0, 0, 6]), pixels]))
  writeFileSync(labels, Buffer.from([0, 0, 8, 1, 0, 0, 0, count, ...Array.from({ length: count }, (_, i) => i % 5)]))
  return [images, labels]
}

/** Lets go of files over the window as a hand does. */
async function drop(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...files], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data })
}

/** How many colours the canvases of the grid show. */
const gridColours = (page: Page): Promise<number> =>
  page.evaluate(`(() => {
    const seen = new Set()
    for (const canvas of document.querySelectorAll('.frame canvas')) {
      if (canvas.width === 0) continue
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      for (const word of new Uint32Array(data.buffer)) if (word >>> 24 === 255) seen.add(word)
    }
    return seen.size
  })()`)

test('a folder is chosen, looked at, imported, gone through and filtered, by keyboard alone; what is deleted comes back', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await chooseFiles(app, [pictures(home)])
      await page.keyboard.press('Control+2')
      await page.getByText('No images of your own yet').waitFor()
      await tabTo(page, 'summary')
      await page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Import weather' }).waitFor()
      await page.getByText('180 images').waitFor()
      await expect
        .poll(() => page.getByRole('list', { name: 'First pictures' }).getByRole('listitem').count())
        .toBeGreaterThan(10)
      expect(await seriousFindings(page)).toEqual([])
      await tabTo(page, 'select')
      await tabTo(page, 'input')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('skies')
      await page.keyboard.press('Enter')
      await page.getByText('“skies” was imported: 180 images.').waitFor()

      await tabTo(page, 'a.open')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'Classes, train' }).waitFor()
      await expect.poll(() => gridColours(page)).toBeGreaterThan(100)
      await tabTo(page, '[role="gridcell"]')
      await expect.poll(() => focused(page)).toBe('cloud, image 0 of train')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowRight')
      await page.keyboard.press('ArrowLeft')
      await expect.poll(() => focused(page)).toBe('cloud, image 1 of train')
      await page.keyboard.press('End')
      await expect.poll(() => focused(page)).toBe('sun, image 89 of train')
      await page.keyboard.press('Home')
      await page.keyboard.press('PageDown')
      await page.keyboard.press('-')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'As training sees it' }).waitFor()
      const draws = page.getByRole('list', { name: 'Draws of the augmentation' }).getByRole('listitem')
      await expect.poll(() => draws.count()).toBe(12)
      expect(await seriousFindings(page)).toEqual([])
      const before = await page.locator('#large-title + span').innerText()
      await page.keyboard.press('ArrowLeft')
      await expect.poll(() => page.locator('#large-title + span').innerText()).not.toBe(before)
      await tabTo(page, '[role="application"]')
      await page.keyboard.press('ArrowDown')
      await page.getByText(/^row 7, column 6$/).waitFor()
      await page.keyboard.press('Escape')
      await expect.poll(() => focused(page)).toMatch(/, image \d+ of train$/)

      // A class of the panel shows it alone.
      await page.getByRole('button', { name: /^rain/ }).focus()
      await page.keyboard.press('Enter')
      await page.getByText('30 images', { exact: true }).waitFor()
      await page.getByLabel('Go to image').fill('35')
      await page.keyboard.press('Enter')
      await expect.poll(() => focused(page)).toBe('rain, image 35 of train')
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme })
        expect(await seriousFindings(page)).toEqual([])
      }

      await page.keyboard.press('Control+2')
      await page.getByRole('link', { name: 'skies', exact: true }).focus()
      await page.keyboard.press('Delete')
      await page.getByText('“skies” was deleted.').waitFor()
      await page.getByRole('button', { name: 'Undo' }).focus()
      await page.keyboard.press('Enter')
      await page.getByRole('link', { name: 'skies', exact: true }).waitFor()
      for (const scheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: scheme })
        expect(await seriousFindings(page)).toEqual([])
      }
    }),
  ))

test('files that are dropped are looked at with their questions, imported, verified, exported, and trained on', () =>
  withHome((home) =>
    withApp(home, async (page, app) => {
      await page.keyboard.press('Control+2')
      await page.getByText('No images of your own yet').waitFor()
      await drop(page, idxPair(home))
      await page.getByText('20 images').waitFor()
      await page.getByText(/there is one split only, and it is named train/).waitFor()
      await page.getByLabel('Turn rows and columns').selectOption('true')
      await page.getByText(/images were stored column by column and are turned to rows/).waitFor()
      await page.getByLabel('Name of the set').fill('turned')
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByText('“turned” was imported: 20 images.').waitFor()
      await page.getByRole('button', { name: 'Verify turned' }).click()
      await page.getByText(/“turned” is as it was imported, byte by byte/).waitFor()

      const out = path.join(home, 'out.safetensors')
      await app.evaluate(({ dialog }, filePath) => {
        dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
      }, out)
      await page.getByRole('button', { name: 'Export turned' }).click()
      await page.getByText(/20 images written to/).waitFor()
      const file = SafetensorsReader.open(out)
      const images = file.read('train/images') as Uint8Array
      file.close()
      // Row 0 is what the file has as column 0.
      expect([...images.subarray(0, 6)]).toEqual([0, 6, 12, 18, 24, 30])

      await page.getByRole('link', { name: 'Train on turned' }).click()
      await expect.poll(() => page.locator('#new-run-data').inputValue()).toBe('turned')
      // Nothing of it can be tested on yet: the form leads to what divides it.
      await page.getByRole('link', { name: 'divide turned…' }).click()
      await expect.poll(() => page.getByRole('textbox', { name: 'Into' }).inputValue()).toBe('train=0.9, test=0.1')
      await page.getByText(/split "test" would be left without any image/).waitFor()
      await page.getByRole('textbox', { name: 'Into' }).fill('train=0.5, test=0.5')
      await page.getByText(/→ 10 train · 10 test/).waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Prepare', exact: true }).click()
      await page.getByText('“turned-divided” was prepared: 20 images.').waitFor()

      await page.keyboard.press('Control+2')
      writeFileSync(path.join(home, 'notes.txt'), 'no images at all')
      await drop(page, [path.join(home, 'notes.txt')])
      await page.getByText(/this looks like no data set that is known here/).waitFor()
      await page.keyboard.press('Escape')
    }),
  ))

test('copies are found, a set is made without them, and another is made of it step by step', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await page.keyboard.press('Control+2')
      await page.getByText('No images of your own yet').waitFor()
      await drop(page, [tilesWithCopies(home, { train: 10, test: 10 }, [[4, 7]])])
      await page.getByText('40 images').waitFor()
      await page.getByRole('button', { name: 'Import', exact: true }).click()
      await page.getByRole('button', { name: 'Open', exact: true }).click()
      await page.getByRole('button', { name: 'Checks', exact: true }).click()
      await page.getByRole('button', { name: 'Check the set' }).click()
      await page.getByText(/5.0 % of the test images/).waitFor()
      const pair = page.getByRole('list', { name: 'Pairs' }).getByRole('listitem')
      await expect.poll(() => pair.count()).toBe(1)
      await expect.poll(() => pair.innerText()).toMatch(/one\s+train 4[\s\S]*one\s+test 7/)
      expect(await seriousFindings(page)).toEqual([])
      await page.getByRole('button', { name: 'Make a repaired set…' }).click()
      await page.getByText('left out: 1 of train').waitFor()
      await page.getByText(/19 train · 20 test/).waitFor()
      await page.getByRole('button', { name: 'Prepare', exact: true }).click()
      await page.getByText('“tiles-repaired” was prepared: 39 images.').waitFor()
      await page.getByRole('button', { name: 'Open', exact: true }).last().click()
      await page.getByRole('heading', { name: 'Recipe' }).waitFor()

      await page.getByRole('button', { name: 'Prepare…' }).click()
      await page.getByLabel('Add a step').selectOption('resize')
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await page.getByLabel('Height, pixels').fill('8')
      await page.getByLabel('Width, pixels').fill('8')
      await page.getByText(/19 train · 20 test · 8×8×3/).waitFor()
      expect(await seriousFindings(page)).toEqual([])
      await page.getByLabel('Name of the new set').fill('small')
      await page.keyboard.press('Enter')
      await page.getByText('“small” was prepared: 39 images.').waitFor()
      await page.evaluate(`location.hash = '#/data/small'`)
      await page.getByText('resized to 8×8 (area)').waitFor()
    }),
  ))

test('a browser sends the files of a set, looks at them, and downloads it again', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(address)
        await page.getByText('No runs yet').waitFor()
        await page.evaluate(`location.hash = '#/data'`)
        await page.getByText('Import…', { exact: true }).click()
        const chooser = page.waitForEvent('filechooser')
        await page.getByRole('button', { name: /^File or archive/ }).click()
        await (await chooser).setFiles(idxPair(home))
        await page.getByText('20 images').waitFor()
        // By the word that the names of both begin with.
        await expect.poll(() => page.getByLabel('Name of the set').inputValue()).toBe('t10k')
        await page.getByLabel('Name of the set').fill('sent')
        await page.getByRole('button', { name: 'Import', exact: true }).click()
        await page.getByText('“sent” was imported: 20 images.').waitFor()
        await page.getByRole('link', { name: 'sent', exact: true }).click()
        await expect.poll(() => gridColours(page)).toBeGreaterThan(20)
        const download = page.waitForEvent('download')
        await page.getByRole('button', { name: 'Export…' }).click()
        const file = await (await download).path()
        expect(readFileSync(file).subarray(8, 9).toString()).toBe('{')
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))
