import { spawn } from 'node:child_process'
import { mkdir, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { UserError } from '../shared/errors'
import { check, CHECKS } from './checks'
import { runTool, tellFailure } from './command-line'
import { prepareFor } from './prepare/for-suites'
import { tellInLines } from './prepare/progress'
import { rounds, type Suite, SUITES } from './suites'
import { countTests, type Counts, type VitestReport } from './test-report'

/**
 * `npm test`: checks types, lint and format, runs every suite, and ends with `N passed, N failed`; exit status 1 where anything failed. What the
 * suites need is prepared meanwhile: the checks and the unit tests need none of it. `npm run test:unit -- …` runs one suite and hands the rest of its arguments to vitest.
 */
runTool(async () => {
  const root = path.resolve(__dirname, '..')
  const [named, ...rest] = process.argv.slice(2)
  if (named && !SUITES.includes(named as Suite))
    throw new UserError(`there is no suite "${named}"`, { remedy: `use ${SUITES.join(', ')}` })
  const suites = named ? [named as Suite] : SUITES
  if (!named) tellInLines()
  const ready = prepareFor(root, suites)
  const all: Counts[] = []
  if (!named) {
    const failed = await check(root)
    all.push({ passed: CHECKS.length - failed, failed, skipped: 0 })
  }
  const unready: Suite[] = []
  const isReady = (suite: Suite): Promise<boolean> =>
    ready(suite).then(
      () => true,
      (error: unknown) => {
        process.stderr.write(`\n── ${suite}: not prepared ──\n`)
        tellFailure(error)
        unready.push(suite)
        return false
      },
    )
  for (const round of rounds(suites)) {
    const able = await Promise.all(round.map(isReady))
    const runs = round.filter((_, at) => able[at]).map((suite, at) => runSuite(root, suite, rest, at > 0))
    all.push(...(await Promise.all(runs)), ...able.flatMap((is) => (is ? [] : [{ passed: 0, failed: 1, skipped: 0 }])))
  }
  const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  if (failed > 0) process.exitCode = 1
  const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`
  // What is still fetched for a suite that cannot run any more keeps nobody waiting.
  process.stdout.write(counts, () => unready.length > 0 && process.exit(1))
})

/** @param isAside Another suite is telling its story: this one's is told at its end. */
async function runSuite(root: string, suite: Suite, rest: readonly string[], isAside: boolean): Promise<Counts> {
  const heading = `\n── ${suite} ──\n`
  if (!isAside) process.stdout.write(heading)
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
  if (isAside) process.stdout.write(heading + said)
  const text = await readFile(report, 'utf8').catch(() => undefined)
  return countTests(text === undefined ? undefined : (JSON.parse(text) as VitestReport), status)
}
