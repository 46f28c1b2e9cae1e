import { execFile } from 'node:child_process'
import { statSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { root } from './prepare'

/** The checkout's command line, as `npm run -s normlab -- …` starts it. */
function normlab(...argv: string[]): Promise<{ status: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(root, 'build/normlab.js'), ...argv], { cwd: root }, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }),
    )
  })
}

beforeAll(() => normlab('presets'))

it('runs the command line at once where nothing is stale, and passes its exit status on', async () => {
  expect(await normlab('presets')).toMatchObject({ status: 0, stderr: '' })
  expect(await normlab('inspect', 'no-such-preset')).toMatchObject({ status: 2, stdout: '' })
})

it('bundles anew when a source has changed, and says so on standard error only', async () => {
  const bundle = path.join(root, 'out/main/cli.js')
  const before = statSync(bundle).mtimeMs
  const source = path.join(root, 'main/cli.ts')
  utimesSync(source, statSync(source).atime, new Date(Date.now() - 1000))
  const said = await normlab('presets')
  expect(said).toMatchObject({ status: 0, stderr: 'Bundling the commands\n' })
  expect(said.stdout).not.toContain('Bundling')
  expect(statSync(bundle).mtimeMs).toBeGreaterThan(before)
})
