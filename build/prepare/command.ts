import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** What a finished command left behind. */
export interface Outcome {
  /** Exit status; null where a signal ended it. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  /** Ends the command (SIGKILL) when it fires. */
  readonly signal?: AbortSignal
}

/** A command that could not be started at all, most often because it is not installed. */
export class CommandMissing extends Error {
  constructor(readonly command: string) {
    super(`${command} cannot be run`)
  }
}

/**
 * Runs a command to its end and collects what it says. Nothing goes through a shell.
 * @throws CommandMissing where there is no such command.
 */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(options.cwd ? { cwd: options.cwd } : {}),
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    const kill = () => child.kill('SIGKILL')
    options.signal?.addEventListener('abort', kill, { once: true })
    child.on('error', () => reject(new CommandMissing(command)))
    child.on('close', (status) => {
      options.signal?.removeEventListener('abort', kill)
      resolve({ status, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() })
    })
  })
}

/** True where the command exists and answers to `--version`. */
export async function exists(command: string): Promise<boolean> {
  return run(command, ['--version']).then(
    (outcome) => outcome.status === 0,
    () => false,
  )
}

/** The first of the programs that the PATH has. */
export function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file))
}
