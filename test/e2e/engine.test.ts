import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { chooseFiles, withApp, withHome } from './app-driver'

test('Settings tell which engine is used; what is no pack, and a fetch without a network, are told in a sentence', () =>
  withHome(async (home) => {
    vi.stubEnv('NORMLAB_PACKAGE_INDEX', 'http://127.0.0.1:9')
    const pack = path.join(home, 'no pack.normlab-engine')
    writeFileSync(pack, 'normlab engine pack 7\n')
    // One that a power cut has spoilt.
    mkdirSync(path.join(home, 'engines/tensorflow-2.21.0-gpu'), { recursive: true })
    await withApp(home, async (page, app) => {
      await page.evaluate(`location.hash = '#/settings'`)
      const card = page.getByRole('region', { name: 'Engine' })
      await card.getByText(/^The engine inside NormLab is used: /).waitFor()
      await card.getByText(/GPU .*it is damaged/).waitFor()
      await chooseFiles(app, [pack])
      await card.getByRole('button', { name: 'Install from a file…' }).click()
      const told = page.getByText(/this engine pack has form 7, and this NormLab knows form 1/)
      await told.waitFor()
      await expect.poll(() => told.innerText()).not.toContain(home)
      await card.getByRole('button', { name: /^Fetch the CPU engine/ }).click()
      await page.getByText(/the package index could not be reached/).waitFor()
      await card.getByRole('button', { name: 'Remove the GPU engine' }).click()
      await card.getByText(/GPU .*it is damaged/).waitFor({ state: 'detached' })
      await card.getByRole('button', { name: /^Fetch the GPU engine/ }).waitFor()
      const test = page.getByRole('region', { name: 'Self-test' })
      const again = test.getByRole('button', { name: 'Test', disabled: false })
      await again.click()
      await test.getByText(/^Testing: \d+ %/).waitFor()
      await test.getByRole('button', { name: 'Cancel' }).click()
      await again.waitFor()
      expect(await test.getByRole('status').count()).toBe(0)
      await test.getByRole('button', { name: 'Repair' }).click()
      await test.getByText('There was nothing to mend.').waitFor()
      await test.getByText(/three steps of a known network come out right/).waitFor()
      await test.getByText(/^Passed /).waitFor()
    })
    vi.unstubAllEnvs()
  }))
