import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { expect, test } from 'vitest'
import { findProgram } from '../../build/prepare/command'
import { withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

/** What a browser keeps of where it was: its files whose name says so, as they lie on the disk. */
function historyOf(profile: string): string {
  const found: string[] = []
  const walk = (folder: string): void => {
    for (const name of readdirSync(folder)) {
      const file = path.join(folder, name)
      if (statSync(file).isDirectory()) walk(file)
      else if (/^(History|Visited Links|Top Sites|Favicons|Network|Session_|Tabs_)/.test(name))
        found.push(readFileSync(file, 'latin1'))
    }
  }
  walk(profile)
  return found.join('\n')
}

test('no address that a browser keeps has the token, and what it keeps opens nothing', () =>
  withHome(async (home) => {
    const { address, server } = await serve(home)
    try {
      const profile = path.join(home, 'profile')
      const browser = await chromium.launchPersistentContext(profile, {
        executablePath: findProgram(['chromium', 'chromium-browser', 'google-chrome'])!,
        args: ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
      })
      const page = await browser.newPage()
      await page.goto(address)
      await page.getByText('No runs yet').waitFor()
      const token = await page.evaluate<string>(`sessionStorage.getItem('normlab.token')`)
      expect(token).toMatch(/^[0-9a-f]{64}$/)
      await browser.close()
      const kept = historyOf(profile)
      expect(kept).toContain(new URL(address).host)
      expect(kept).not.toContain(token)
      await withPage(async (again) => {
        await again.goto(address)
        await again.getByText('This page needs its ticket').waitFor()
      })
    } finally {
      await end(server)
    }
  }))
