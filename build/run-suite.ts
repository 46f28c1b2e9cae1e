import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Suite } from './suites'
import type { VitestReport } from './test-report'

/** What a run of a suite left. */
export interface SuiteRun {
  /** Nothing where vitest ended before it wrote one. */
  readonly report: VitestReport | undefined
  readonly status: number | null
}

/**
 * Runs a suite by vitest, which tells its story meanwhile.
 * @param rest Further arguments of vitest: files, names.
 * @param options.isAside Another suite is telling its story: this one's is told at its end.
 * @param options.heading What stands above its story.
 */
export async function runSuite(
  root: string,
  suite: Suite,
  rest: readonly string[],
  options: { readonly isAside?: boolean; readonly heading?: string } = {},
): Promise<SuiteRun> {
  const { isAside = false, heading = suite } = options
  const title = `\n── ${heading} ──\n`
  if (!isAside) process.stdout.write(title)
  const report = path.join(root, 'test-results', `${suite}.json`)
  await mkdir(path.dirname(report), { recursive: true })
  await rm(report, { force: true })
  const program = path.join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const child = spawn(process.execPath, [program, 'run', `--project=${suite}`, ...reporters, ...rest], {
    cwd: root,
    stdio: isAside ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...process.env },
  })
  // The lab's background engines give way to other programs; beside a suite that computes they would wait for its end. So all of a suite does.
  if (child.pid !== undefined) os.setPriority(child.pid, os.constants.priority.PRIORITY_BELOW_NORMAL)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (isAside) process.stdout.write(title + said)
  const text = await readFile(report, 'utf8').catch(() => undefined)
  return { report: text === undefined ? undefined : (JSON.parse(text) as VitestReport), status }
}
