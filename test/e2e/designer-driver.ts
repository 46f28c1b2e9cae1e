import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { ElectronApplication, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { expand } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'

/** Opens the designer: `new=1`, `preset=resnet-20`, `id=3`. */
export async function openDesigner(page: Page, query: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/design/network?${query}`)}`)
  await page.getByRole('application', { name: 'Network canvas' }).waitFor()
}

/** An entry of the palette, by its name. */
export const entry = (page: Page, name: string): Locator =>
  page.getByRole('region', { name: 'Palette' }).getByRole('button', { name, exact: true })

/** A node on the canvas, by its path. */
export const node = (page: Page, path: string): Locator => page.locator(`.vue-flow__node[data-id="${path}"]`)

/** A node's input `in0`, `in1`, … or its output `out`. */
export const port = (page: Page, path: string, handle: string): Locator =>
  page.locator(`.vue-flow__handle[data-nodeid="${path}"][data-handleid="${handle}"]`)

export const inspector = (page: Page): Locator => page.getByRole('region', { name: 'Inspector' })

export const tool = (page: Page, name: string): Locator =>
  page.getByRole('toolbar', { name: 'Designer' }).getByRole('button', { name, exact: true })

/** Files that the app saves go to a folder, without asking. */
export async function saveInto(app: ElectronApplication, folder: string): Promise<void> {
  await app.evaluate(({ session }, into) => {
    session.defaultSession.on('will-download', (_, item) => item.setSavePath(`${into}/${Date.now()}-${item.getFilename()}`))
  }, folder)
}

/** The document on the canvas, as the designer exports it. */
export async function exported(page: Page, folder: string): Promise<NetworkDocument> {
  const names = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.json'))
  const before = new Set(names())
  await page.getByText('Export', { exact: true }).click()
  await page.getByRole('button', { name: /JSON/ }).click()
  const newest = (): NetworkDocument | null => {
    const name = names().find((one) => !before.has(one))
    try {
      return name === undefined ? null : (JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as NetworkDocument)
    } catch {
      // It is still being written.
      return null
    }
  }
  await expect.poll(newest).not.toBeNull()
  return newest()!
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const meanings = new Map<string, number>()

/** A number for what a network computes, whatever its layers are called and in which order they are written. */
export function meaning(document: NetworkDocument): number {
  const { layers, loss } = expand(document)
  const known: number[] = []
  const of = (i: number): number => {
    const { op, attributes, inputs } = layers[i]!
    const fed = inputs.map((j) => (known[j] ??= of(j)))
    // A sum does not care for the order of its terms.
    if (op.kind === 'add') fed.sort((a, b) => a - b)
    const text = `${op.kind}${JSON.stringify(attributes)}(${fed.join()})`
    if (!meanings.has(text)) meanings.set(text, meanings.size)
    return meanings.get(text)!
  }
  return of(loss)
}

/** What axe finds that is serious or critical, as words. */
export async function seriousFindings(page: Page): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(AXE)
  let findings: string[] = []
  // A page may still draw what it was given: what stays is found.
  for (let tries = 0; tries < 4; tries++) {
    // Animations and skeletons have come to rest, or their faint letters would be found.
    await page.evaluate(`Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)))`)
    findings = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`)
    if (findings.length === 0) break
    await page.waitForTimeout(500)
  }
  return findings
}
