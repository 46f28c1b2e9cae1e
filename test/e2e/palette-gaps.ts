import path from 'node:path'
import { buildSync } from 'esbuild'
import type { Page } from 'playwright-core'
import { commandCalled } from '../../shared/commands'
import { root } from './app-driver'

/** The page's own reading of its controls, for a page whose bundle does not give it away. */
const READING = buildSync({
  entryPoints: [path.join(root, 'renderer/palette/page-controls.ts')],
  ...{ bundle: true, format: 'iife', globalName: 'pageControls', write: false },
  define: { 'process.env.NODE_ENV': '"production"' },
}).outputFiles[0]!.text

/**
 * What can be pressed, chosen or written into on the open page and is not found by the palette: what has no name, what has another's, and buttons of commands that are not there.
 *
 * @param seen Commands that were looked for on an earlier page; this page's are added.
 */
export async function paletteGaps(page: Page, seen: Set<string>): Promise<string[]> {
  await page.evaluate(`${READING};globalThis.pageControls = pageControls`)
  const gaps = await page.evaluate<string[]>(`(() => {
    const told = (element) => element.outerHTML.replace(/ data-v-[\\w-]+=""/g, '').slice(0, 120)
    const first = new Map()
    return pageControls.namedControls().flatMap(([element, name]) => {
      const other = first.get(name)
      if (name !== '' && !other) return first.set(name, element), []
      return [name === '' ? 'has no name: ' + told(element) : 'two are called “' + name + '”: ' + told(element)]
    })
  })()`)
  const commands = await page.evaluate<string[]>(
    `[...document.querySelectorAll('[data-command]:not(:disabled, [aria-disabled="true"])')].filter((one) => one.getClientRects().length > 0).map((one) => one.dataset.command)`,
  )
  const fresh = [...new Set(commands)].filter((id) => !seen.has(id) && id !== 'palette.open')
  if (fresh.length === 0) return gaps
  await page.keyboard.press('Control+K')
  const palette = page.getByRole('dialog', { name: 'Find and do' })
  for (const id of fresh) {
    seen.add(id)
    const command = commandCalled(id)
    if (!command) gaps.push(`no command: ${id}`)
    else {
      await palette.getByRole('combobox').fill(command.label)
      // Some say what they would do: “Undo: Make a block”.
      const found = await palette
        .getByRole('option')
        .filter({ hasText: command.label.replace(/…$/, '') })
        .count()
      if (found === 0) gaps.push(`not in the palette: ${id}`)
    }
  }
  await page.keyboard.press('Escape')
  return gaps
}
