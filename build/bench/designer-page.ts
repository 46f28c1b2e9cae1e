import type { Page } from 'playwright-core'
import { UserError } from '../../shared/errors'

/** What the designer's page is asked for from inside, by its own clock. */

/** So many elements are to be there. */
export interface Wanted {
  readonly selector: string
  readonly count: number
}

const FRAME = 'const frame = () => new Promise(requestAnimationFrame)'

/** Frames until the elements are there, and two more: by then they are on the screen. */
const until = ({ selector, count }: Wanted): string =>
  `while (document.querySelectorAll(${JSON.stringify(selector)}).length !== ${count}) await frame()
   await frame()
   await frame()`

/** Milliseconds from going to an address until what is wanted there is on the screen. */
export async function open(page: Page, address: string, wanted: Wanted): Promise<number> {
  return page.evaluate<number>(`(async () => {
    ${FRAME}
    const from = performance.now()
    location.hash = ${JSON.stringify(address)}
    ${until(wanted)}
    return performance.now() - from
  })()`)
}

/** Milliseconds from a key's arrival until what is wanted is on the screen. */
export async function shown(page: Page, wanted: Wanted, press: () => Promise<void>): Promise<number> {
  await page.evaluate(`void (window.shown = new Promise((resolve) => addEventListener('keydown', async ({ timeStamp }) => {
    ${FRAME}
    ${until(wanted)}
    resolve(performance.now() - timeStamp)
  }, { capture: true, once: true })))`)
  await press()
  return page.evaluate<number>('window.shown')
}

/** Milliseconds from an event's arrival until the next frame has been painted. */
export async function painted(page: Page, event: 'click' | 'keydown', act: () => Promise<void>): Promise<number> {
  // A message that is sent in a frame arrives once it is painted.
  await page.evaluate(`void (window.painted = new Promise((resolve) => addEventListener('${event}', ({ timeStamp }) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => resolve(performance.now() - timeStamp)
      port2.postMessage(null)
    }), { capture: true, once: true })))`)
  await act()
  return page.evaluate<number>('window.painted')
}

export interface Frames {
  /** Those in which the view has moved. */
  readonly perSecond: number
  /** Between two of those. */
  readonly longestMs: number
}

const DRAG_MS = 3000
/** Twice as often as frames are drawn, so that none waits for the mouse. */
const MOVE_MS = 8

/** Drags the view about with the mouse, and counts the frames that show it in another place than the frame before. */
export async function pan(page: Page): Promise<Frames> {
  const [left, top] = await freePoint(page)
  await page.mouse.move(left, top)
  await page.mouse.down()
  await page.evaluate(`(() => {
    const view = document.querySelector('.vue-flow__transformationpane')
    let last = ''
    window.moved = []
    const look = (now) => {
      const place = view.style.transform
      if (place !== last) window.moved.push(now)
      last = place
      window.looking = requestAnimationFrame(look)
    }
    look(performance.now())
  })()`)
  const moves: Promise<void>[] = []
  for (let ms = 0; ms < DRAG_MS; ms += MOVE_MS) {
    const angle = ms / 300
    // Not waited for: an answer takes a frame.
    moves.push(page.mouse.move(left + 100 * (1 - Math.cos(angle)), top + 220 * Math.sin(angle)))
    await page.waitForTimeout(MOVE_MS)
  }
  await Promise.all(moves)
  const times = await page.evaluate<number[]>('cancelAnimationFrame(window.looking), window.moved')
  await page.mouse.up()
  if (times.length < 3) throw new UserError('the view does not move with the mouse', { place: 'designer' })
  // The first is the place before.
  const [from, ...others] = times.slice(1) as [number, ...number[]]
  const lengths = others.map((time, i) => time - (others[i - 1] ?? from))
  return { perSecond: (1000 * others.length) / (others[others.length - 1]! - from), longestMs: Math.max(...lengths) }
}

/** Where a drag takes hold of the view: near the left edge, on no node. */
async function freePoint(page: Page): Promise<[number, number]> {
  const { x, y, height } = (await page.locator('.stage').boundingBox())!
  const found = await page.evaluate<[number, number] | null>(`(() => {
    for (let top = ${y + 280}; top < ${y + height - 60}; top += 10)
      for (let left = ${x + 40}; left < ${x + 400}; left += 20)
        if (document.elementFromPoint(left, top)?.closest('.vue-flow__pane') && !document.elementFromPoint(left, top).closest('.vue-flow__node, .map')) return [left, top]
    return null
  })()`)
  if (!found) throw new UserError('there is no free place to drag from', { place: 'designer' })
  return found
}
