import { createWriteStream } from 'node:fs'
import { constants } from 'node:os'
import { utilityProcess } from 'electron'
import { decodeMessage, encodeMessage } from '../../shared/wire'
import type { Host, HostListener, HostOptions } from '../engine/hosts/host'
import { causeOfDeath, giveWay, hostEnvironment, openLog } from '../engine/hosts/surroundings'
import type { HostEvent, HostRequest } from '../engine/protocol'
import { ENGINE_NAME, noteOurKill } from './crash-records'

/**
 * Starts a host as one of Electron's utility processes: Electron's executable need not be a Node for that. The app must be ready.
 * Electron gives the process its own standard output and error; they come here and are written to the log, so that a process that is killed may
 * leave its last words unsaid.
 */
export function startUtilityProcess(options: HostOptions, listener: HostListener): Host {
  const log = openLog(options.logFile)
  const child = utilityProcess.fork(options.hostPath, [options.home], {
    serviceName: ENGINE_NAME,
    stdio: log === null ? 'ignore' : 'pipe',
    env: hostEnvironment(options),
  })
  if (log !== null) {
    const stream = createWriteStream('', { fd: log })
    // A full disk costs the log, not the run.
    stream.on('error', () => undefined)
    child.stdout?.on('data', (text) => stream.write(text))
    child.stderr?.on('data', (text) => stream.write(text))
    child.once('exit', () => stream.end())
  }
  let isWanted = true
  let isDead = false
  let isTold = false
  const kill = (): void => {
    // Electron's own `kill` asks, which a process deep inside TensorFlow would not hear.
    if (child.pid === undefined) return
    // One process dies once, however often it is told.
    if (!isTold) noteOurKill()
    isTold = true
    process.kill(child.pid, 'SIGKILL')
  }
  child.once('spawn', () => {
    if (!isWanted) kill()
    else if (options.isBackground) giveWay(child.pid)
  })
  const gone = new Promise<void>((resolve) =>
    child.once('exit', (code) => {
      isDead = true
      resolve()
      listener.onDeath(cause(code))
    }),
  )
  child.on('message', (event) => listener.onEvent(decodeMessage(event as string) as HostEvent))
  return {
    hasLog: log !== null,
    get pid() {
      return isDead ? undefined : child.pid
    },
    send(request: HostRequest) {
      if (!isDead) child.postMessage(encodeMessage(request))
    },
    end() {
      isWanted = false
      if (!isDead) kill()
      return gone
    },
  }
}

/** Signals that end a process that something is wrong with, or that somebody kills. */
const DEADLY: readonly NodeJS.Signals[] = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM']

/** On POSIX Electron tells what waitpid told: a signal's number in the lower seven bits, with one more for a core, or an exit code. */
function cause(code: number): string {
  const isWindows = process.platform === 'win32'
  const signal = isWindows || code > 0xff ? undefined : DEADLY.find((name) => constants.signals[name] === (code & 0x7f))
  return causeOfDeath(code > 0xff && !isWindows ? code >> 8 : code, signal ?? null)
}
