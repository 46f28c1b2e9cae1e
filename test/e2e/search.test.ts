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
        await expect.poll(() => found.innerText()).toContain('it is not known whether the best is better than the second')
        await page.getByRole('img', { name: /Test loss by rate, 2 trials/ }).waitFor()
        await page.getByLabel('Trials to add').fill('1')
        await page.getByRole('button', { name: 'Add trials' }).click()
        await page.getByText('Done; 3 of 3 trials').waitFor({ timeout: 60_000 })
        await page.getByRole('img', { name: /Best test loss so far, of 3 trials/ }).waitFor()
        await expect.poll(() => found.innerText()).toContain('It is the best of 3 trials')
        const rows = page.getByRole('table').first().locator('tbody tr')
        await expect.poll(() => rows.count()).toBe(3)
        await page.getByRole('button', { name: 'Test loss', exact: true }).click()
        await expect.poll(() => rows.first().innerText()).toContain('best')
        expect(complaints).toEqual([])
      })
    } finally {
      await end(served.server)
    }
  }))

it('is put together on its page: what cannot be read is told beside it, what it costs is planned, and it starts', () =>
  withHome(async (home) => {
    const served = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(served.address)
        await page.getByRole('link', { name: 'Experiments', exact: true }).first().click()
        await page.getByRole('link', { name: 'New search' }).click()
        await page.getByLabel('Network', { exact: true }).fill(NET)
        const may = page.getByLabel('May be')
        await may.first().fill('1..0.1')
        await page.getByText('The lower end is not below the higher one; write the lower end first.').waitFor()
        const start = page.getByRole('button', { name: 'Start the search' })
        await expect.poll(() => start.isDisabled()).toBe(true)
        await may.first().fill('0.01..0.3')
        await page.getByText('by factors, from 0.01 to 0.3').waitFor()
        await page.getByRole('button', { name: 'Add a setting' }).click()
        await page.getByText('evenly, from 0 to 0.01').waitFor()
        await page.getByLabel('How they are chosen').selectOption('bayes')
        await page.getByLabel('At work at once').fill('2')
        await page.getByLabel('Trials', { exact: true }).fill('2')
        await page.getByLabel('Judged by').selectOption('testLoss')
        await page.getByLabel('Training images', { exact: true }).fill('64')
        await page.getByLabel('Test images', { exact: true }).fill('32')
        await page.getByLabel('Epochs', { exact: true }).fill('1')
        await page.getByText('2 runs').first().waitFor()
        const shot = process.env['NORMLAB_SHOTS']
        if (shot) await page.screenshot({ path: `${shot}/new-search.png` })
        await start.click()
        await page.getByRole('heading', { name: `search of ${NET}` }).waitFor()
        await page.getByText('Done; 2 of 2 trials chosen by a Gaussian process').waitFor({ timeout: 60_000 })
        expect(complaints).toEqual([])
      })
    } finally {
      await end(served.server)
    }
  }))
