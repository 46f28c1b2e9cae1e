import { expect, test } from 'vitest'
import { withApp, withHome } from './app-driver'

test('an experiment’s base and axes are made of fields, and its plan is seen whole in a narrow window', () =>
  withHome((home) =>
    withApp(home, async (page) => {
      await page.evaluate(`location.hash = '#/experiments/new?ready=figure&size=small'`)
      const epochs = page.getByLabel('Epochs', { exact: true })
      await epochs.fill('2')
      await page.getByLabel('Training images').fill('64')
      await page.getByText('The base as JSON').click()
      const json = async (): Promise<unknown> => JSON.parse((await page.locator('pre').textContent())!) as unknown
      await expect.poll(json).toMatchObject({ data: { train: 64 }, training: { epochs: 2 } })
      await page.getByRole('button', { name: 'Add an axis' }).click()
      await page.getByLabel('Setting', { exact: true }).last().selectOption({ label: 'Momentum' })
      await page
        .getByLabel(/^Values, separated/)
        .last()
        .fill('0.5, 0.9')
      await page
        .getByLabel(/^Values, separated/)
        .last()
        .blur()
      await page.getByText('momentum 0.5').first().waitFor()
      // An axis whose values give several settings has a field for each.
      await page.getByRole('button', { name: 'Several settings a value…' }).last().click()
      const variant = page.getByRole('group', { name: 'Variant momentum 0.9' })
      await variant.getByLabel('Add a setting to momentum 0.9').selectOption({ label: 'Nesterov' })
      await variant.getByLabel('Nesterov', { exact: true }).check()
      await variant.getByLabel('Momentum', { exact: true }).fill('x')
      await variant.getByText('Momentum: ').waitFor()
      await variant.getByLabel('Momentum', { exact: true }).fill('0.95')
      await variant.getByLabel('Label', { exact: true }).fill('nesterov')
      await page.locator('.frame td', { hasText: 'nesterov' }).first().waitFor()
      await page.getByRole('button', { name: 'Add a variant' }).last().click()
      await page.locator('.frame td', { hasText: 'nesterov (2)' }).first().waitFor()
      await page.setViewportSize({ width: 900, height: 700 })
      const frame = page.locator('.frame')
      expect(
        await frame.evaluate(
          (it) => (it as unknown as { scrollWidth: number }).scrollWidth - (it as unknown as { clientWidth: number }).clientWidth,
        ),
      ).toBe(0)
    }),
  ))
