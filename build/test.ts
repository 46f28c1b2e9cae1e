import path from 'node:path'
import { UserError } from '../shared/errors'
import { check, CHECKS } from './checks'
import { runTool, tellFailure } from './command-line'
import { prepareFor } from './prepare/for-suites'
import { tellInLines } from './prepare/progress'
import { runSuite, type SuiteRun } from './run-suite'
import { rounds, type Suite, SUITES, WAITING } from './suites'
import { countTests, type Counts, type Failure, failuresIn, withFilesOf } from './test-report'

/**
 * `npm test`: checks types, lint and format, runs every suite, and ends with what failed by name and `N passed, N failed`; exit status 1 where anything failed. What the
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
  const inWords: string[] = []
  if (!named) {
    const failed = await check(root)
    all.push({ passed: CHECKS.length - failed, failed, skipped: 0 })
    if (failed > 0) inWords.push(`failed: ${failed} of the checks`)
  }
  const unready: Suite[] = []
  const isReady = (suite: Suite): Promise<boolean> =>
    ready(suite).then(
      () => true,
      (error: unknown) => {
        process.stderr.write(`\n── ${suite}: not prepared ──\n`)
        tellFailure(error)
        unready.push(suite)
        inWords.push(`not prepared: ${suite}`)
        return false
      },
    )
  const runs = new Map<Suite, SuiteRun>()
  for (const round of rounds(suites)) {
    const able = await Promise.all(round.map(isReady))
    const run = async (suite: Suite, at: number) => void runs.set(suite, await runSuite(root, suite, rest, { isAside: at > 0 }))
    await Promise.all(round.filter((_, at) => able[at]).map(run))
    all.push(...able.flatMap((is) => (is ? [] : [{ passed: 0, failed: 1, skipped: 0 }])))
  }
  for (const [suite, first] of runs) {
    const last = named ? first : await tryAgain(root, suite, first)
    const failed = failuresIn(last.report)
    const passedAgain = failuresIn(first.report).filter((one) => !failed.some((other) => isSame(one, other)))
    inWords.push(
      ...passedAgain.map((one) => `passed only when run again alone: ${told(root, one)}`),
      ...failed.map((one) => `failed: ${told(root, one)}`),
    )
    const counts = countTests(last.report, last.status)
    if (counts.failed > failed.length) inWords.push(`failed: ${suite}, outside of its tests`)
    all.push(counts)
  }
  const sum = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0)
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')]
  if (failed > 0) process.exitCode = 1
  const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`
  // What is still fetched for a suite that cannot run any more keeps nobody waiting.
  process.stdout.write(`\n${inWords.map((line) => `${line}\n`).join('')}${counts}`, () => unready.length > 0 && process.exit(1))
})

/** Runs the files in which a test failed once more, with nothing beside them, in a suite whose tests wait for other programs. */
async function tryAgain(root: string, suite: Suite, first: SuiteRun): Promise<SuiteRun> {
  const files = [...new Set(failuresIn(first.report).map((one) => path.relative(root, one.file)))]
  if (first.report === undefined || files.length === 0 || !WAITING.includes(suite)) return first
  const second = await runSuite(root, suite, [...files, '--no-file-parallelism'], { heading: `${suite}, what failed, again` })
  return second.report === undefined ? first : { report: withFilesOf(first.report, second.report), status: second.status }
}

function isSame(one: Failure, other: Failure): boolean {
  return one.file === other.file && one.test === other.test
}

function told(root: string, { file, test, message }: Failure): string {
  return [path.relative(root, file), test, message].filter(Boolean).join(' › ')
}
