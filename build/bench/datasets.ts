import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { Random } from '../../shared/random'
import { createLab } from '../../main/lab'
import { timed, until, withAppPage } from './app-page'
import { print } from './figures'

/**
 * The Data page of the real app over a set of the size of CIFAR-10 with random pixels: what is measured is the way from the packed file to
 * the screen, which does not care what they show.
 */

const [TRAIN, TEST, SIDE, CLASSES] = [50_000, 10_000, 32, 10]

/** A set of 60,000 images, brought in as any other. */
async function fill(home: string): Promise<void> {
  const source = path.join(home, 'noise.safetensors')
  writeFileSync(source, noise())
  const lab = createLab({ home, hostPath: path.resolve(__dirname, '../../out/main/engine/host.js') })
  try {
    await lab.start('datasets.import', { source, name: 'noise' }).result
  } finally {
    await lab.close()
    rmSync(source)
  }
}

function noise(): Buffer {
  const random = new Random(1)
  const parts: Buffer[] = []
  const header: Record<string, unknown> = {
    __metadata__: { classes: JSON.stringify(Array.from({ length: CLASSES }, (_, i) => `class ${i}`)) },
  }
  let at = 0
  const add = (name: string, dtype: string, shape: readonly number[], bytes: Buffer): void => {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] }
    at += bytes.length
    parts.push(bytes)
  }
  for (const [split, images] of Object.entries({ train: TRAIN, test: TEST })) {
    const pixels = new Uint32Array((images * SIDE * SIDE * 3) / 4)
    for (let i = 0; i < pixels.length; i++) pixels[i] = random.word()
    add(`${split}/images`, 'U8', [images, SIDE, SIDE, 3], Buffer.from(pixels.buffer))
    const labels = Int32Array.from({ length: images }, (_, i) => Math.floor((i * CLASSES) / images))
    add(`${split}/labels`, 'I32', [images], Buffer.from(labels.buffer))
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...parts])
}

/** @param wanted Whether a figure of this name is asked for. */
export async function datasets(wanted: (name: string) => boolean): Promise<void> {
  if (!wanted('datasets')) return
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-bench-'))
  try {
    await fill(home)
    await withAppPage(home, measure)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function measure(page: Page): Promise<void> {
  await page.locator('nav[aria-label="Places"]').waitFor()
  const opened = await timed(page, async () => {
    await page.evaluate(`location.hash = '#/data/noise'`)
    await until(page, `document.querySelectorAll('.frame canvas').length > 3`)
  })
  print({ name: `datasets: page of 60,000 images opens`, value: opened / 1000, unit: 's', peer: 1, ratio: opened / 1000 })
  await until(page, `document.querySelector('.mean canvas') !== null`)
  for (const [how, step] of [
    ['row by row', 24],
    ['a screen a frame', 700],
  ] as const) {
    const { frames, shown } = await scroll(page, step)
    print({ name: `datasets: 60,000 images scroll ${how}`, value: frames, unit: 'frames/s', peer: 30, ratio: frames / 30 })
    print({ name: `datasets: images there while they scroll ${how}`, value: 100 * shown, unit: '%' })
  }
}

/** Scrolls for some seconds, so many pixels a frame; frames a second, and the share of the visible rows whose images were there. */
async function scroll(page: Page, step: number): Promise<{ frames: number; shown: number }> {
  return page.evaluate(`(async () => {
    const frame = document.querySelector('.frame')
    const next = () => new Promise(requestAnimationFrame)
    frame.scrollTo({ top: 0 })
    await next()
    const from = await next()
    let [now, count, way, filled, looked] = [from, 0, 1, 0, 0]
    while (now - from < 5000) {
      if (frame.scrollTop + frame.clientHeight >= frame.scrollHeight - 1) way = -1
      frame.scrollTop += way * ${step}
      now = await next()
      count++
      if (count % 20 !== 0) continue
      // Noise has hardly two neighbours alike; a place that waits for its image is of one colour.
      for (const canvas of frame.querySelectorAll('canvas')) {
        if (canvas.width === 0) continue
        const { data } = canvas.getContext('2d').getImageData(4, 4, 8, 1)
        looked++
        if (new Set(new Uint32Array(data.buffer)).size > 1) filled++
      }
    }
    return { frames: (1000 * count) / (now - from), shown: filled / looked }
  })()`)
}
