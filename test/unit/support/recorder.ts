import { execFileSync } from 'node:child_process'
import path from 'node:path'

const recorder = path.resolve(__dirname, '../../../recorder')

/**
 * Runs a Python program that has the recorder at hand, with the system's Python and nothing installed in it.
 *
 * @returns what it printed.
 */
export function python(program: string, words: readonly string[] = [], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync('python3', ['-W', 'error', '-c', program, ...words], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: recorder, ...env },
  })
}
