import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { electronExecutable, electronFolder } from '../../main/resources'
import { checkStore } from '../../main/store/check'
import { root, withHome } from './app-driver'

/** Answers the boxes that come before any window, with the first or the second button, and writes down what they say. */
const answering = (log: string, answer: number): string => `const Module = require('module')
const load = Module._load
Module._load = function (name, ...rest) {
  const found = load.call(this, name, ...rest)
  if (name === 'electron' && found.dialog) {
    const say = (text) => require('fs').appendFileSync(${JSON.stringify(log)}, text + String.fromCharCode(10))
    found.dialog.showMessageBoxSync = ({ message }) => (say(message), ${answer})
    found.dialog.showErrorBox = (title) => say(title)
  }
  return found
}`

test.each([
  ['Repair', 0, ['The run store is damaged.', 'The new store has 2 runs with 11 steps.']],
  ['Quit', 1, ['The run store is damaged.']],
])('a store whose first page is gone: the app asks, and does as told: %s', (_, answer, boxes) =>
  withHome(async (home) => {
    const [log, stub] = [path.join(home, 'boxes.txt'), path.join(home, 'answering.cjs')]
    writeFileSync(log, '')
    writeFileSync(stub, answering(log, answer))
    const store = gunzipSync(readFileSync(path.join(__dirname, '../unit/store/released/4.db.gz')))
    writeFileSync(path.join(home, 'normlab.db'), store.fill(0, 0, 4096))
    // Not through Playwright, which is there only once the app is ready.
    const app = spawn(
      electronExecutable(electronFolder(root)!)!,
      [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, '--home', home],
      { env: { ...process.env, NODE_OPTIONS: `--require ${stub}` }, stdio: 'ignore' },
    )
    const ended = new Promise<number | null>((resolve) => app.once('exit', resolve))
    try {
      const said = (): string[] => readFileSync(log, 'utf8').trim().split('\n')
      await expect.poll(said).toEqual(boxes)
      if (answer === 1) expect(await ended).toBe(1)
      else await expect.poll(() => checkStore(home)).toMatchObject({ runs: 2, problems: [] })
      expect(said()).toEqual(boxes)
    } finally {
      app.kill('SIGTERM')
      await ended
    }
  }),
)
