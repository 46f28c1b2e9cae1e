import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root, waitForState, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

test('a run that is done gets more epochs on its page, which says before what becomes of its schedule', () =>
  withHome(async (home) => {
    const words = ['plain:blocks=1,widths=4/8', '--epochs', '2', '--batch', '8', '--schedule', 'cosine', '--rate', '0.1']
    const sizes = ['--set', 'data.train=32', '--set', 'data.test=16', '--home', home]
    const { status } = spawnSync(process.execPath, [path.join(root, 'out/main/cli.js'), 'train', ...words, ...sizes])
    expect(status).toBe(0)
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(address)
        await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
        await page.getByRole('link', { name: /plain/ }).first().click()
        await waitForState(page, 'Done')
        await page.getByRole('button', { name: 'More epochs…' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByText('the cosine is stretched over them: the rate goes from').waitFor()
        await dialog.getByLabel('Epochs in all').fill('1')
        await dialog.getByText('the run has 8 steps of these already').waitFor()
        await dialog.getByLabel('Epochs in all').fill('3')
        await dialog.getByLabel(/Keep the schedule/).check()
        await dialog.getByText('the cosine keeps its end at step 8').waitFor()
        const shot = process.env['NORMLAB_SHOTS']
        if (shot) await page.screenshot({ path: path.join(shot, 'more-epochs.png') })
        await dialog.getByRole('button', { name: 'Go on' }).click()
        await page.getByText('keeps its end at step 8').first().waitFor()
        await page.getByText('step 12/12').first().waitFor()
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }))
