import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { UserError } from '../../shared/errors'
import { runTool } from '../command-line'
import { run } from '../prepare/command'
import type { VitestReport } from '../test-report'
import { FILE_GUARDS } from './file-guards'
import { type Guard, suiteOf, withoutGuard } from './guard'
import { PAGE_GUARDS } from './page-guards'
import { SERVER_GUARDS } from './server-guards'

const USAGE = `npm run guards -- [--all] [WORD...]
Undoes each guard of docs/security.md in a copy of the source, and looks whether its test fails; ends with status 1 where one does not.
WORD   only guards that have all these words in name or place
--all  also those whose tests want bundles or the running app: many minutes
`

/**
 * `npm run guards`: undoes each guard in a copy of the source, and looks whether its test fails; ends with status 1 where one does not. Words
 * choose those whose name or place has them: `npm run guards -- serve`; `--all` takes those along whose tests want bundles or the running app, which takes minutes.
 */
runTool(async () => {
  const root = path.resolve(__dirname, '../..')
  const { values, positionals: wanted } = parseArgs({
    options: { all: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  })
  if (values.help) {
    process.stdout.write(USAGE)
    return
  }
  const all = [...SERVER_GUARDS, ...PAGE_GUARDS, ...FILE_GUARDS]
  const chosen = all
    .filter((guard) => values.all || suiteOf(guard) === 'unit')
    .filter(({ name, file }) => wanted.every((word) => `${name} ${file}`.includes(word)))
  if (chosen.length === 0) throw new UserError('no guard has these words', { remedy: 'leave them out' })
  const copy = mkdtempSync(path.join(tmpdir(), 'normlab-guards-'))
  process.once('exit', () => rmSync(copy, { recursive: true, force: true, maxRetries: 5 }))
  process.once('SIGINT', () => process.exit(130))
  copySource(root, copy)
  await passBefore(copy, chosen)
  const unseen: string[] = []
  for (const guard of chosen) {
    const problem = await missed(copy, guard)
    process.stdout.write(
      `${problem === null ? '✓' : '✗'} ${guard.name} (${guard.file})${problem === null ? '' : `: ${problem}`}\n`,
    )
    if (problem !== null) unseen.push(guard.name)
  }
  process.stdout.write(`${chosen.length - unseen.length} of ${chosen.length} guards were undone and seen to be missed\n`)
  if (unseen.length > 0) process.exitCode = 1
})

/** What git knows, as it lies there; the packages and what is built by a link. */
function copySource(root: string, copy: string): void {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  })
  for (const file of listed.split('\0').filter((name) => name !== ''))
    cpSync(path.join(root, file), path.join(copy, file), { recursive: true })
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
}

/** A test that fails with all guards in place says nothing of any. @throws UserError where there is one. */
async function passBefore(copy: string, guards: readonly Guard[]): Promise<void> {
  for (const suite of new Set(guards.map(suiteOf))) {
    const files = [...new Set(guards.filter((guard) => suiteOf(guard) === suite).map(({ test: [file] }) => file))]
    const ends = await tests(copy, suite, files)
    if (ends.length === 0 || ends.includes('failed'))
      throw new UserError('tests fail with all guards in place', { place: suite, remedy: `see npm run test:${suite}` })
  }
}

/** @returns why it cannot be told that its test misses the guard, or null where it does. */
async function missed(copy: string, guard: Guard): Promise<string | null> {
  const file = path.join(copy, guard.file)
  const whole = readFileSync(file, 'utf8')
  writeFileSync(file, withoutGuard(guard, whole))
  try {
    const [test, ...names] = guard.test
    const pattern = names.map((name) => name!.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')
    const ends = await tests(copy, suiteOf(guard), [test, '-t', pattern])
    if (ends.length === 0) return 'no test was run without it'
    return ends.includes('failed') ? null : 'its test passes without it'
  } finally {
    writeFileSync(file, whole)
  }
}

/** How the tests end that vitest is asked for; those that were left out by their name are not among them. */
async function tests(copy: string, suite: string, words: readonly string[]): Promise<string[]> {
  const report = path.join(copy, 'test-results', `${suite}.json`)
  rmSync(report, { force: true })
  const vitest = [
    path.join(copy, 'node_modules/vitest/vitest.mjs'),
    'run',
    `--project=${suite}`,
    '--reporter=json',
    `--outputFile=${report}`,
  ]
  // The others want bundles, and a display.
  const suites = [path.join(copy, 'node_modules/tsx/dist/cli.mjs'), path.join(copy, 'build/test.ts'), suite]
  await run(process.execPath, [...(suite === 'unit' ? vitest : suites), ...words], { cwd: copy })
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as VitestReport
    const ends = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status))
    return ends.filter((status) => status === 'passed' || status === 'failed')
  } catch {
    return []
  }
}
