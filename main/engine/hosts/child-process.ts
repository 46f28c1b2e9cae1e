import { fork } from 'node:child_process'
import { closeSync } from 'node:fs'
import { decodeMessage, encodeMessage } from '../../../shared/wire'
import type { HostEvent, HostRequest } from '../protocol'
import type { Host, HostListener, HostOptions } from './host'
import { causeOfDeath, giveWay, hostEnvironment, openLog } from './surroundings'

/** Starts a host as a child process of a Node: the command line's and the server's, in a checkout. */
export function startChildProcess(options: HostOptions, listener: HostListener): Host {
  const log = openLog(options.logFile)
  const child = fork(options.hostPath, [options.home], {
    // Text, as every host takes it; Node's 'json' hands a string over as it is.
    serialization: 'json',
    execPath: process.execPath,
    execArgv: [],
    // A process group of its own: signals from the terminal are the lab's to hear. Its end comes with the channel's.
    detached: process.platform !== 'win32',
    stdio: ['ignore', log ?? 'ignore', log ?? 'ignore', 'ipc'],
    env: hostEnvironment(options),
  })
  if (log !== null) closeSync(log)
  if (options.isBackground) giveWay(child.pid)
  let isDead = false
  const gone = new Promise<void>((resolve) => {
    const onDeath = (cause: string): void => {
      if (isDead) return
      isDead = true
      resolve()
      listener.onDeath(cause)
    }
    child.on('error', (error) => onDeath(`the engine process cannot be started (${error.message})`))
    child.on('exit', (code, signal) => onDeath(causeOfDeath(code, signal)))
  })
  child.on('message', (event) => listener.onEvent(decodeMessage(event as string) as HostEvent))
  return {
    hasLog: log !== null,
    get pid() {
      return isDead ? undefined : child.pid
    },
    send(request: HostRequest) {
      // An error here means that the host is about to be reported dead, which tells all that is to be told.
      child.send(encodeMessage(request), () => undefined)
    },
    end() {
      child.kill('SIGKILL')
      return gone
    },
  }
}
