import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RequestInput, RunSummary } from '../../shared/api'
import { TICKET_HEADER, TICKET_PATH } from '../../shared/lab-port'
import { type OpenLab, createLab } from '../../main/lab'

const out = path.resolve(__dirname, '../../out/main')
export const hostPath = path.join(out, 'engine/host.js')
export const cliPath = path.join(out, 'cli.js')

/** A network and a data set that train in milliseconds a step. */
export const NET = 'plain:blocks=1,widths=4/8'
export function tiny(training: RequestInput<'runs.start'>['training'] = {}): RequestInput<'runs.start'> {
  return {
    network: NET,
    data: { name: 'shapes10', train: 64, test: 32 },
    training: { batch: 16, epochs: 2, rate: 0.01, ...training },
    execution: { threads: 1 },
  }
}
/** The same for the command line. */
export const TINY = [NET, '--set', 'data.train=64', '--set', 'data.test=32', '--batch', '16', '--rate', '0.01', '--threads', '1']

export function temporaryHome(): { home: string; remove: () => void } {
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-home-'))
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) }
}

/** Whether a small file system of its own can be had: only root may mount one. */
export function mayMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  const folder = temporaryHome()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder.home], { stdio: 'ignore' })
    execFileSync('umount', [folder.home], { stdio: 'ignore' })
    return true
  } catch {
    return false
  } finally {
    folder.remove()
  }
}

export function openLab(home: string): OpenLab {
  return createLab({ home, hostPath })
}

/** Resolves with the run's summary when it fits. */
export function until(lab: OpenLab, run: number, fits: (summary: RunSummary) => boolean): Promise<RunSummary> {
  return new Promise((resolve) => {
    const release = lab.subscribe('runs.changes', {}, ({ runs }) => {
      const summary = runs.find(({ id }) => id === run)
      if (!summary || !fits(summary)) return
      release()
      resolve(summary)
    })
  })
}

export const ended = ({ progress }: RunSummary): boolean => progress.phase === 'ended'

export interface Finished {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the command line; `printed` resolves with all of standard output once that has the part in it. */
export function start(
  words: readonly string[],
  home: string,
  [program, ...args]: readonly string[] = [process.execPath, cliPath],
): { child: ChildProcess; finished: Promise<Finished>; printed: (part: string) => Promise<string> } {
  const child = spawn(program!, [...args, ...words], {
    env: { ...process.env, NORMLAB_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const waiting: (() => void)[] = []
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString()
    for (const look of waiting) look()
  })
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()))
  return {
    child,
    finished: new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr }))),
    printed: (part) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (stdout.includes(part)) resolve(stdout)
        }
        waiting.push(look)
        look()
      }),
  }
}

export function normlab(words: readonly string[], home: string, program?: readonly string[]): Promise<Finished> {
  return start(words, home, program).finished
}

/** Takes the ticket of an address that `serve` printed, as a page does. */
export async function enter(address: string): Promise<{ port: string; token: string }> {
  const { origin, port, hash } = new URL(address)
  const headers = { [TICKET_HEADER]: hash.replace('#ticket=', '') }
  const answer = await fetch(origin + TICKET_PATH, { method: 'POST', headers })
  return { port, ...((await answer.json()) as { token: string }) }
}

/** The objects of the lines of a --json output; every line must be one. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** False once the process is gone, as a zombie too. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}

/** The child of a process that is an engine host: its command line names it, or Electron's word for a utility process of Node's. */
export function engineOf(parent: number): number {
  const found = readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const [, , , ppid] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/\(.*\)/, 'x')
        .split(' ')
      return Number(ppid) === parent && /host\.js|node\.mojom\.NodeService/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
    } catch {
      return false
    }
  })
  return Number(found)
}

/** Leaves so many pages of 4 kB on a disk of 256 kB. */
export function fill(ballast: string, free: number): void {
  for (let size = 256 * 1024; ; size -= 4096)
    try {
      writeFileSync(ballast, Buffer.alloc(size))
      return writeFileSync(ballast, Buffer.alloc(size - free * 4096))
    } catch {
      // Less, then.
    }
}
