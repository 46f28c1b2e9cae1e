import { expect, it } from 'vitest'
import { NET, normlab } from '../integration/lab-support'
import { withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

it('shows what a search found, takes more trials, and has the best first when asked', () =>
  withHome(async (home) => {
    const words = ['--space', 'rate=1e-2..0.3', '--trials', '2', '--epochs', '1', '--batch', '16', '--name', 'Which rate']
    const few = ['--set', 'data.train=64', '--set', 'data.test=32', '--threads', '1', '--objective', 'test-loss']
    expect((await normlab(['search', NET, ...words, ...few], home)).status).toBe(0)
    const served = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(served.address)
        await page.getByRole('link', { name: 'Experiments', exact: true }).first().click()
        await page.getByRole('link', { name: 'Which rate' }).click()
        const found = page.getByRole('region', { name: 'What the search found' })
        await found.getByText(/Best by test loss: trial [12] \(rate/).waitFor()
        expect(await found.innerText()).toContain('it is not known whether the best is better than the second')
        await page.getByRole('img', { name: /Test loss by rate, 2 trials/ }).waitFor()
        await page.getByLabel('Trials to add').fill('1')
        await page.getByRole('button', { name: 'Add trials' }).click()
        await page.getByText('Done; 3 of 3 trials').waitFor({ timeout: 60_000 })
        await page.getByRole('img', { name: /Best test loss so far, of 3 trials/ }).waitFor()
        expect(await found.innerText()).toContain('It is the best of 3 trials')
        const rows = page.getByRole('table').first().locator('tbody tr')
        await expect.poll(() => rows.count()).toBe(3)
        await page.getByRole('button', { name: 'Test loss', exact: true }).click()
        expect(await rows.first().innerText()).toContain('best')
        expect(complaints).toEqual([])
      })
    } finally {
      await end(served.server)
    }
  }))
