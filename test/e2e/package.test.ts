import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { _electron } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EXECUTABLE } from '../../build/electron-builder'
import { sandboxArguments } from '../../build/sandbox'

const root = path.resolve(__dirname, '../..')
const place = mkdtempSync(path.join(tmpdir(), 'normlab-package-'))
const app = path.join(place, 'an app, moved')

/** Nothing of the checkout, of npm or of Node is within reach. */
const bareEnvironment = { HOME: path.join(place, 'home'), PATH: '/usr/bin:/bin', DISPLAY: process.env['DISPLAY'] ?? '' }

beforeAll(() => {
  const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs')
  const said = execFileSync(process.execPath, [tsx, path.join(root, 'build/package.ts'), path.join(place, 'made')], {
    cwd: root,
    encoding: 'utf8',
  })
  renameSync(said.trim().split('\n').at(-1)!, app)
  mkdirSync(bareEnvironment.HOME)
})
afterAll(() => rmSync(place, { recursive: true, force: true }))

it('trains from its command line, moved elsewhere and called by a link', async () => {
  const command = path.join(place, 'normlab')
  symlinkSync(path.join(app, 'normlab'), command)
  const options = ['train', 'proc-resnet:blocks=1,planes=4/8/16', '--data', 'digits', '--steps', '3', '--batch', '8', '--json']
  const { stdout } = await promisify(execFile)(command, options, { env: bareEnvironment, cwd: place })
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { step?: number; loss?: number; summary?: { state: string } })
  const steps = lines.filter((line) => line.step !== undefined)
  expect(steps.map((line) => line.step)).toEqual([1, 2, 3])
  expect(steps.every((line) => Number.isFinite(line.loss))).toBe(true)
  expect(lines.at(-1)?.summary?.state).toBe('done')
})

it('opens its window, moved elsewhere', async () => {
  const opened = await _electron.launch({
    executablePath: path.join(app, EXECUTABLE),
    args: sandboxArguments(app),
    env: bareEnvironment,
    cwd: place,
  })
  try {
    const page = await opened.firstWindow()
    await page.waitForSelector('nav, main, h1')
    expect(await page.title()).toContain('NormLab')
    expect(await opened.evaluate(({ app }) => app.isPackaged)).toBe(true)
  } finally {
    await opened.close()
  }
})
