import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'libsql'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { mayMount } from '../integration/lab-support'
import { root, withApp, withHome } from './app-driver'
import { end, serve, withPage } from './browser-driver'

/** A store with two runs, 1 and 2. */
const store = gunzipSync(readFileSync(path.join(root, 'test/unit/store/released/4.db.gz')))
const SENTENCE =
  /: the data folder cannot be written, as the disk is read-only: its runs can be looked at, but nothing is changed; give/

/** A data folder with two runs that can be looked at alone, as long as `use` takes. */
function withClosedHome(use: (home: string) => Promise<void>): Promise<void> {
  return withHome(async (parent) => {
    const home = path.join(parent, 'home')
    mkdirSync(home)
    writeFileSync(path.join(home, 'normlab.db'), store)
    execFileSync('mount', ['--bind', home, home])
    try {
      execFileSync('mount', ['-o', 'remount,ro,bind', home])
      await use(home)
    } finally {
      execFileSync('umount', ['-l', home])
    }
  })
}

/** Where every page says it once, and what would write answers with the same. */
async function looksAround(page: Page): Promise<void> {
  const notice = page.getByRole('status').filter({ hasText: SENTENCE })
  await notice.waitFor()
  for (const place of ['/runs', '/runs/1', '/compare', '/experiments', '/design', '/settings', '/new']) {
    await page.evaluate(`location.hash = ${JSON.stringify(`#${place}`)}`)
    await page.getByRole('main').locator(':scope > *').first().waitFor()
    await expect.poll(() => notice.count()).toBe(1)
  }
  await page.getByRole('button', { name: /^Start/ }).click()
  await page.getByRole('alert').filter({ hasText: SENTENCE }).waitFor()
  expect(page.url()).toMatch(/#\/new$/)
}

test.skipIf(!mayMount())('a browser shows the runs of a folder that cannot be written, and says why nothing is changed', () =>
  withClosedHome(async (home) => {
    const { address, server } = await serve(home)
    try {
      await withPage(async (page, complaints) => {
        await page.goto(address)
        await looksAround(page)
        expect(complaints).toEqual([])
      })
    } finally {
      await end(server)
    }
  }),
)

test.skipIf(!mayMount())('so does the app, which keeps its window’s own files elsewhere', () =>
  withClosedHome((home) => withApp(home, (page) => looksAround(page))),
)

test('a run whose configuration cannot be read is not cloned into another one', () =>
  withHome(async (home) => {
    writeFileSync(path.join(home, 'normlab.db'), store)
    const database = new Database(path.join(home, 'normlab.db'))
    database.exec(`UPDATE runs SET configuration = json_set(configuration, '$.training.batch', 'many') WHERE id = 1`)
    database.close()
    const { address, server } = await serve(home)
    try {
      await withPage(async (page) => {
        await page.goto(address)
        await page.getByRole('navigation').first().waitFor()
        await page.evaluate(`location.hash = '#/new?from=1'`)
        await page.getByText(/^Run 1: its configuration cannot be read whole: .*it can be looked at, but not run again/).waitFor()
        await expect.poll(() => page.getByRole('button', { name: /^Start/ }).count()).toBe(0)
      })
    } finally {
      await end(server)
    }
  }))
