import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { TINY, fill, mayMount } from '../integration/lab-support'
import { root, withApp, withHome } from './app-driver'

const small = mayMount()

function train(home: string): void {
  const words = ['train', ...TINY, '--epochs', '40', '--home', home]
  expect(spawnSync(process.execPath, [path.join(root, 'out/main/cli.js'), ...words]).status).toBe(0)
}

/** A folder with another file system over it, as long as `use` takes. */
async function mounted(words: readonly string[], folder: string, use: () => Promise<void>): Promise<void> {
  execFileSync('mount', [...words, folder])
  try {
    await use()
  } finally {
    execFileSync('umount', ['-l', folder])
  }
}

test.skipIf(!small)('what the window saves onto a full disk is told in a sentence, and the old file is still there', () =>
  withHome(async (home) => {
    const disk = path.join(home, 'disk')
    mkdirSync(disk)
    train(home)
    await mounted(['-t', 'tmpfs', '-o', 'size=256k', 'none'], disk, () =>
      withApp(home, async (page, app) => {
        const target = path.join(disk, 'target')
        await app.evaluate(({ dialog }, filePath) => {
          dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
        }, target)
        writeFileSync(target, 'the old one')
        const weights = { kind: 'export-weights', from: { network: 'plain:blocks=2' } }
        const saves = ['csv', 'json', 'bundle'].map((format) => ({ kind: 'export', runs: [1], format }))
        for (const request of [...saves, weights])
          for (const free of [0, 1]) {
            fill(path.join(disk, 'ballast'), free)
            expect(await page.evaluate(`normlab.files(${JSON.stringify(request)})`)).toBe(
              `${target}: the file cannot be written: the disk is full; make room there, or choose another place`,
            )
            expect(readFileSync(target, 'utf8')).toBe('the old one')
            expect(readdirSync(disk).sort()).toEqual(['ballast', 'target'])
          }
      }),
    )
  }),
)

test.skipIf(!small)('a data folder that cannot be written is opened to be looked at; a change is refused in a sentence', () =>
  withHome(async (home) => {
    train(home)
    await mounted(['--bind', home], home, async () => {
      execFileSync('mount', ['-o', 'remount,ro,bind', home])
      await withApp(home, async (page) => {
        await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
        await page.getByLabel('Mark plain', { exact: false }).click()
        await page.getByRole('button', { name: 'Pin', exact: true }).click()
        await page.getByText('the data folder cannot be written, as the disk is read-only').first().waitFor()
      })
    })
  }),
)
