import path from 'node:path'
import type { EngineAlone, OpenLab } from '../lab'
import type { StartHost } from '../engine/hosts/host'
import { createLab, openEngine } from '../lab'
import { dataFolder } from '../store/home'
import type { Parsed, Usage } from './arguments'

/** Where a command's answers go. */
export interface Output {
  /** Text or a line of JSON for standard output. */
  print(text: string): void
  /** For standard error: progress, logs. */
  say(text: string): void
}

export interface Context {
  readonly words: Parsed
  readonly output: Output
  readonly json: boolean
  /** Opens the lab on the data folder; it is closed after the command. */
  readonly lab: () => OpenLab
  /** Opens the engine without the run store, for what no run is needed for; it is closed after the command. */
  readonly engine: () => EngineAlone
}

export interface Command extends Usage {
  /** Whether it stays until it is ended, and so takes up runs that were cut off. */
  readonly stays?: boolean
  /** @returns the exit status. */
  run(context: Context): Promise<number>
}

/** One object as a line; a number that JSON lacks becomes null. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value) + '\n'
}

/** Runs a command with a lab and an engine that are opened when they are first asked for, and closed in any case. */
export async function runCommand(command: Command, words: Parsed, output: Output, startHost?: StartHost): Promise<number> {
  let lab: OpenLab | undefined
  let engine: EngineAlone | undefined
  const home = dataFolder(words.text('home'))
  // Beside this program in the bundle.
  const hostPath = path.join(__dirname, 'engine', 'host.js')
  const openLab = (): OpenLab => (lab ??= createLab({ home, hostPath, startHost, takesUpRuns: command.stays ?? false }))
  const openAlone = (): EngineAlone =>
    (engine ??= openEngine({ home, hostPath, startHost, log: (text) => output.say(`${text}\n`) }))
  try {
    return await command.run({ words, output, json: words.flag('json'), lab: openLab, engine: openAlone })
  } finally {
    await engine?.close()
    await lab?.close()
  }
}
