/**
 * `npm run -s normlab -- …`: the lab's command line in a checkout. Plain JavaScript, because it runs before every command: where
 * nothing is stale it costs a few milliseconds, else it prepares and bundles first, with what it says on standard error.
 */
const { spawnSync } = require('node:child_process')
const { existsSync } = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

const root = path.resolve(__dirname, '..')
const launcher = path.join(root, 'out/launch.js')
const argv = process.argv.slice(2)

const { isReady, partsFor } = existsSync(launcher) ? require(launcher) : { isReady: () => false }
const parts = partsFor ? partsFor(argv) : ['commands', ...(argv.includes('serve') ? ['renderer'] : [])]
if (!isReady(root, parts)) {
  const tsx = path.join(root, 'node_modules/tsx/dist/cli.mjs')
  if (!existsSync(tsx)) {
    process.stderr.write('The npm packages are not installed; run `npm ci`, then this again.\n')
    process.exit(1)
  }
  const { status } = spawnSync(process.execPath, [tsx, path.join(__dirname, 'make.ts'), ...parts], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) process.exit(1)
}
process.argv[1] = path.join(root, 'out/main/cli.js')
Module.runMain()
