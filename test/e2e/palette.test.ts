import { expect, test } from 'vitest'
import { withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'
import { seriousFindings } from './designer-driver'
import { trainExperiment } from './trained-home'

test('Ctrl+K finds actions, pages, runs, networks, experiments and data sets, by keys alone', () =>
  withHome(async (home) => {
    await trainExperiment(home)
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(address)
        await page.waitForSelector('nav[aria-label="Places"]')
        const palette = page.getByRole('dialog', { name: 'Find and do' })
        const options = palette.getByRole('option')
        const find = async (words: string): Promise<void> => {
          await page.keyboard.press('Control+K')
          await palette.waitFor()
          await page.keyboard.type(words)
        }
        const at = (): Promise<string> => page.evaluate<string>('location.hash')
        const places: [words: string, first: RegExp, hash: RegExp][] = [
          ['spec', /^Spectra/, /^#\/spectra/],
          ['none skips', /Skips, or/, /^#\/experiments\/1$/],
          ['#2', /^#2/, /^#\/runs\/2$/],
          ['shapes10', /^shapes10/, /^#\/data\/shapes10$/],
          ['troubleshooting', /^Troubleshooting/, /^#\/help\/troubleshooting$/],
          ['sleep', /^No sleep while a run trains/, /^#\/settings\?show=keepAwake$/],
          ['wide resnet', /Wide/i, /^#\/design\/network\?preset=wide/],
        ]
        for (const [words, first, hash] of places) {
          await find(words)
          await expect.poll(() => options.first().innerText()).toMatch(first)
          await page.keyboard.press('Enter')
          await palette.waitFor({ state: 'detached' }).catch(() => undefined)
          await expect.poll(at).toMatch(hash)
          if (words === 'sleep')
            await expect.poll(() => page.evaluate(`document.activeElement.labels?.[0]?.innerText`)).toMatch(/^No sleep/)
        }
        // What a page can do is found while it is open, and done as by its key.
        await page.getByRole('application').waitFor()
        await find('select all of')
        await expect.poll(() => options.first().innerText()).toMatch(/^Select all/)
        await page.keyboard.press('Enter')
        await page.getByText(/nodes selected/).waitFor({ state: 'attached' })
        await find('delete')
        await expect.poll(() => options.first().innerText()).toMatch(/^Delete/)
        await page.keyboard.press('Enter')
        await expect
          .poll(() => page.getByRole('button', { name: 'Undo', exact: true }).getAttribute('title'))
          .toContain('Undo: Delete')
        // The latest stand first; axe has nothing to say, in a small window either.
        await page.keyboard.press('Control+K')
        await expect.poll(() => options.first().innerText()).toMatch(/^Select all/)
        expect(await seriousFindings(page)).toEqual([])
        await page.keyboard.press('Escape')
        await page.setViewportSize({ width: 450, height: 400 })
        await find('run')
        expect(await seriousFindings(page)).toEqual([])
        await page.keyboard.press('Escape')
        await page.keyboard.press('?')
        await page.getByRole('heading', { name: 'Keys', exact: true }).waitFor()
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))
