import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { settings } from '../../shared/settings'
import { fieldOf } from '../../shared/settings/field'

import { startRun, waitForState, withApp, withHome } from './app-driver'
import { openDesigner } from './designer-driver'

const NET = 'plain:blocks=1,widths=4/8'

/** The page of a new run, small enough to be measured in a moment. */
async function openSmall(page: Page): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/new?network=${NET}`)}`)
  await page.getByLabel('Training images').fill('64')
  await page.getByLabel('Test images').fill('32')
  await page.getByLabel('Batch, images').fill('16')
}

test('a new run’s fields are the settings’, and it is told what they come to before it starts', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await openSmall(page)
      const plan = page.getByRole('region', { name: 'Before it starts' })
      await page.getByLabel('Epochs', { exact: true }).fill('')
      await page.getByLabel('Steps at most').fill('30')
      await plan.getByText('8 epochs of 4').waitFor()
      await expect.poll(() => plan.textContent()).toContain('no run has been trained here yet')

      // A field is there where its setting has a meaning, and says what is wrong with it.
      const momentum = page.getByLabel('Momentum', { exact: true })
      await momentum.fill('3')
      await plan.getByText('Momentum must be a number from 0 to 1').waitFor()
      await expect.poll(() => page.getByRole('button', { name: /^Start/ }).isDisabled()).toBe(true)
      await page.getByLabel('Optimiser', { exact: true }).selectOption('adam')
      await expect.poll(() => momentum.count()).toBe(0)
      await plan.getByText('8 epochs of 4').waitFor()
      const folds = page.locator('fieldset details:not([open]) > summary')
      while ((await folds.count()) > 0) await folds.first().click()
      await page.getByLabel('Schedule', { exact: true }).selectOption('one-cycle')
      await page.getByLabel('Early stop by').selectOption('test-loss')
      await page.getByLabel('Pad and crop').fill('2')
      await page.getByLabel('Whitening', { exact: true }).selectOption('all')
      await page.getByLabel('Projection', { exact: true }).selectOption('all')
      const values = new Map<string, unknown>(settings.map((setting) => [setting.path, fieldOf(setting).default]))
      for (const [path, value] of [
        ['training.optimiser', 'adam'],
        ['training.schedule', 'one-cycle'],
        ['training.earlyStop.measure', 'test-loss'],
        ['training.augmentation.crop', 2],
        ['training.whitening.layers', 'all'],
        ['training.projection.layers', 'all'],
      ] as const)
        values.set(path, value)
      for (const { label, unit, applies } of settings) {
        const wanted = (applies?.((path) => values.get(path)) ?? true) ? 1 : 0
        const name = unit === undefined ? label : `${label}, ${unit}`
        await expect.poll(() => page.getByLabel(name, { exact: true }).count(), { message: name }).toBe(wanted)
      }

      // What its plan refuses is told once, also where Start was quicker, and gone once it is mended.
      const batch = page.getByLabel('Batch, images')
      const tooLarge = page.getByText(/a batch of 128 is larger than/i)
      await batch.fill('128')
      await page.keyboard.press('Control+Enter')
      await plan.getByText(/a batch of 128 is larger than/i).waitFor()
      await page.getByRole('button', { name: 'Start Ctrl ⏎', disabled: true }).waitFor()
      expect(await tooLarge.count()).toBe(1)
      await batch.fill('16')
      await page.getByRole('button', { name: 'Start Ctrl ⏎', disabled: false }).waitFor()
      expect(await tooLarge.count()).toBe(0)

      // Keys go as the number grows; a step is measured without a run.
      await page.getByLabel('Batch, images').press('ArrowDown')
      await expect.poll(() => page.getByLabel('Batch, images').inputValue()).toBe('8')
      await page.getByLabel('Rate', { exact: true }).press('ArrowDown')
      await expect.poll(() => page.getByLabel('Rate', { exact: true }).inputValue()).toBe('0.05')
      await plan.getByRole('button', { name: 'Measure a step' }).click()
      await plan.getByText('a pass of this network and batch').waitFor()
      await page.getByText('The same from a terminal').click()
      const line = await page.locator('code.terminal').textContent()
      expect(line).toMatch(/^normlab train plain:blocks=1,widths=4\/8 --steps 30 --batch 8 --optimizer adam --rate 0\.05 /)
      expect(line).toContain('--set earlyStop.measure=test-loss')
    }),
  ))

test('two runs of a preset and a copy have names that tell them apart', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      for (let i = 0; i < 2; i++) {
        await startRun(page, { network: NET, epochs: 1, train: 32 })
        await waitForState(page, 'Done')
      }
      await page.getByRole('button', { name: /Clone…/ }).click()
      await page.getByLabel('Seed', { exact: true }).fill('5')
      await page.getByPlaceholder(`${NET} · seed 5`).waitFor()
      await page.getByRole('button', { name: /^Start/ }).click()
      await waitForState(page, 'Done')
      await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
      const table = await page.locator('table').first().textContent()
      for (const name of [`${NET} (2)`, `${NET} · seed 5`]) expect(table).toContain(name)
    }),
  ))

test('the form follows its address: a network undone before it is trained, a clone, and what was left half filled', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      const rail = (name: string) => page.getByRole('link', { name, exact: true }).first()
      const go = (hash: string) => page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
      const seed = page.getByLabel('Seed', { exact: true })

      await openDesigner(page, 'preset=resnet-20')
      await page.getByRole('tab', { name: /Theory/ }).click()
      await page.getByRole('button', { name: 'Make it a ProcResNet (projected)' }).click()
      await page.getByText('Saved', { exact: true }).waitFor()
      // The keys are the canvas's where nothing else has the focus, and stay with the button that was pressed.
      await page.evaluate('document.activeElement.blur()')
      await page.keyboard.press('Control+z')
      await page.getByRole('button', { name: 'Make it a ProcResNet (projected)', disabled: false }).waitFor()
      await page.keyboard.press('Control+y')
      await page.getByRole('button', { name: /Measure now/ }).press('Enter')
      const status = page.locator('.status', { hasText: /easur|ompil|tarting|aiting/ }).first()
      await expect.poll(() => status.textContent()).not.toContain('Not measured yet')
      await expect.poll(() => page.evaluate('document.activeElement.textContent')).toContain('Measure now')
      await page.keyboard.press('Control+z')
      await page.getByText('Saved', { exact: true }).waitFor()
      await page.getByRole('button', { name: /Train…/ }).click()
      await page.getByText('Your network').waitFor()

      // What is not there is called by its own name, and New run is the way out.
      await go('#/new?design=77')
      await page.getByRole('heading', { name: 'The network could not be loaded' }).waitFor()
      await rail('New run').click()
      await seed.waitFor()

      await startRun(page, { network: NET, epochs: 1, train: 32 })
      await waitForState(page, 'Done')
      await page.getByRole('button', { name: /Clone…/ }).click()
      await seed.waitFor()
      await expect.poll(() => page.getByLabel('Training images').inputValue()).toBe('32')
      const clone = (await page.evaluate('location.hash')) as string
      await rail('New run').click()
      await expect.poll(() => page.getByLabel('Training images').inputValue()).not.toBe('32')
      await seed.fill('41')
      await go(clone)
      await expect.poll(() => page.getByLabel('Training images').inputValue()).toBe('32')
      await expect.poll(() => seed.inputValue()).not.toBe('41')

      await rail('Runs').click()
      await page.locator('table').first().waitFor()
      await rail('New run').click()
      await page.getByText('your settings from before').waitFor()
      await expect.poll(() => seed.inputValue()).toBe('41')
      await page.getByRole('button', { name: 'Start over' }).click()
      await expect.poll(() => seed.inputValue()).not.toBe('41')
      await expect.poll(() => page.getByText('your settings from before').count()).toBe(0)
    }),
  ))
