import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { findProgram } from './prepare/command'

/** A display in memory. */
export interface Display {
  /** For the environment variable DISPLAY. */
  readonly name: string
  close(): void
}

/** Opens a display of 1600×1000 pixels that no screen shows, or returns undefined where Xvfb is not installed. */
export async function openDisplay(): Promise<Display | undefined> {
  const program = findProgram(['Xvfb'])
  if (!program) return undefined
  const server = spawn(program, ['-displayfd', '1', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const number = await new Promise<string>((resolve, reject) => {
    createInterface(server.stdout).once('line', resolve)
    server.once('error', reject)
    server.once('exit', (status) => reject(new Error(`Xvfb ended with status ${status}`)))
  })
  process.once('exit', () => server.kill())
  return { name: `:${number}`, close: () => server.kill() }
}
