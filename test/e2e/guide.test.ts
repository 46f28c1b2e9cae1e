import { expect, test } from 'vitest'
import { withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

test('F1 opens the guide at what belongs to the page; a search finds a section, and links lead on within it, all by keys', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        const text = (selector: string): Promise<string> => page.locator(selector).first().innerText()
        await page.goto(address)
        await page.waitForSelector('nav[aria-label="Places"]')
        await page.evaluate(`location.hash = '#/data'`)
        await expect.poll(() => text('header nav')).toContain('Data')
        await page.keyboard.press('F1')
        await page.waitForSelector('.help h2#the-data-page')
        await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('the-data-page')
        // The heading is at the top of what is seen, however long the page is.
        const top = await page.evaluate<number>(
          `document.activeElement.getBoundingClientRect().top - document.querySelector('.help .article').getBoundingClientRect().top`,
        )
        expect(Math.abs(top)).toBeLessThan(40)

        await page.focus('input[aria-label="Search the guide"]')
        await page.keyboard.type('brings it back')
        await expect.poll(() => text('.hits a')).toBe('Runs › Deleting, and coming back')
        await page.keyboard.press('Enter')
        await page.waitForSelector('.help h2#deleting-and-coming-back')
        await expect.poll(() => page.inputValue('input[aria-label="Search the guide"]')).toBe('brings it back')

        await page.evaluate(`location.hash = '#/help/tutorial'`)
        await page.waitForSelector('.help img')
        await page.locator('.help .text a', { hasText: 'What is measured' }).focus()
        await page.keyboard.press('Enter')
        await expect.poll(() => text('.help h1')).toBe('What is measured')
        // Pictures are files of the app, and all of them come.
        await page.evaluate(`location.hash = '#/help/spectra'`)
        await page.waitForSelector('.help img')
        await page.evaluate(`for (const image of document.querySelectorAll('.help img')) image.loading = 'eager'`)
        await expect
          .poll(() => page.evaluate(`[...document.querySelectorAll('.help img')].every((image) => image.naturalWidth > 100)`))
          .toBe(true)

        await page.evaluate(`location.hash = '#/help/no-such-page'`)
        await expect.poll(() => text('.help .article')).toContain('The guide has no page “no-such-page”')
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))
