import path from 'node:path'
import { run } from './prepare/command'

const { isTTY } = process.stdout
const pretty = isTTY ? ['--pretty'] : []
const colour = isTTY ? ['--color'] : []

/** What is checked without running the lab: a title, the npm package, its program, its arguments. */
export const CHECKS = [
  ['types', 'typescript', 'bin/tsc', ['--noEmit', '--incremental', '--tsBuildInfoFile', 'out/.types.tsbuildinfo', ...pretty]],
  [
    'types of the pages',
    'vue-tsc',
    'bin/vue-tsc.js',
    ['--noEmit', '-p', 'renderer', '--incremental', '--tsBuildInfoFile', 'out/.pages.tsbuildinfo', ...pretty],
  ],
  ['lint', 'eslint', 'bin/eslint.js', ['--max-warnings=0', ...colour, '.']],
  [
    'format',
    'prettier',
    'bin/prettier.cjs',
    ['--check', '--log-level=warn', '--cache', '--cache-strategy=content', '--cache-location=out/.format', '.'],
  ],
] as const

/**
 * Runs all checks at once and says how each went.
 * @returns How many failed.
 */
export async function check(root: string): Promise<number> {
  const failures = await Promise.all(
    CHECKS.map(async ([title, npmPackage, program, args]): Promise<number> => {
      const started = Date.now()
      const { status, stdout, stderr } = await run(
        process.execPath,
        [path.join(root, 'node_modules', npmPackage, program), ...args],
        { cwd: root },
      )
      process.stdout.write(`${status === 0 ? '✓' : '✗'} ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`)
      if (status === 0) return 0
      process.stdout.write(stdout + stderr)
      return 1
    }),
  )
  return failures.reduce((sum, failed) => sum + failed, 0)
}
