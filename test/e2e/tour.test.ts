import { expect, test } from 'vitest'
import { normlab } from '../integration/lab-support'
import { withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'
import { seriousFindings } from './designer-driver'

test('the tour starts two runs, points at their ratios, ends at their comparison, and is left and taken again', () =>
  withHome(async (home) => {
    const { address, next, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        const hash = (): Promise<string> => page.evaluate<string>('location.hash')
        const tour = page.getByRole('region', { name: 'Tour', exact: true })
        const press = (name: string): Promise<void> => tour.getByRole('button', { name, exact: true }).click()
        await page.goto(address)
        await page.getByRole('heading', { name: 'No runs yet' }).waitFor()
        await page.getByRole('button', { name: 'Take the two-minute tour' }).click()
        await tour.getByRole('heading', { name: /Without skips/ }).waitFor()
        await expect.poll(hash).toMatch(/^#\/runs\/1/)
        await page.locator('[data-points="ratio"] [data-tour="ratio"]').waitFor()
        expect(await seriousFindings(page)).toEqual([])

        // Loaded again it is where it was.
        await page.goto(await next())
        await tour.getByRole('heading', { name: /Without skips/ }).waitFor()
        await press('Next')
        await expect.poll(hash).toMatch(/^#\/runs\/2/)
        await press('Back')
        await expect.poll(hash).toMatch(/^#\/runs\/1/)
        await press('Next')
        await press('Next')
        await expect.poll(hash).toMatch(/^#\/compare\?runs=1(,|%2C)2/)
        await page.locator('[data-tour="comparison"]').waitFor()
        // What it is about lies below the curves, and is brought into sight.
        const below = `document.querySelector('[data-tour="comparison"]').getBoundingClientRect().bottom - innerHeight`
        await expect.poll(() => page.evaluate<number>(below)).toBeLessThanOrEqual(0)
        expect(await seriousFindings(page)).toEqual([])
        await press('Done')
        await expect.poll(() => tour.count()).toBe(0)

        // Once begun it is offered no more; the palette has it, and it can be left at its first step.
        expect((await normlab(['settings', 'get', 'tourSeen'], home)).stdout).toBe('true\n')
        await page.keyboard.press('Control+K')
        await page.keyboard.type('take the tour')
        await page.keyboard.press('Enter')
        await expect.poll(hash).toMatch(/^#\/runs\/3/)
        await press('Leave the tour')
        await page.getByText(/The tour’s runs train on/).waitFor()
        await page.evaluate(`location.hash = '#/help'`)
        await page.getByRole('button', { name: 'Take the tour' }).waitFor()
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))
