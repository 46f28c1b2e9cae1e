import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { timed, until, withAppPage } from './app-page'
import { print } from './figures'
import { importNoise } from './noise-set'

/**
 * The Data page of the real app over a set of the size of CIFAR-10 with random pixels: what is measured is the way from the packed file to
 * the screen, which does not care what they show.
 */

/** @param wanted Whether a figure of this name is asked for. */
export async function datasets(wanted: (name: string) => boolean): Promise<void> {
  if (!wanted('datasets')) return
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-bench-'))
  try {
    await importNoise(home)
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
