import path from 'node:path'
import type { OpenLab } from '../lab'
import { createLab } from '../lab'
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

/** Runs a command with a lab that is opened when it is first asked for, and closed in any case. */
export async function runCommand(command: Command, words: Parsed, output: Output): Promise<number> {
  let lab: OpenLab | undefined
  const open = (): OpenLab =>
    (lab ??= createLab({
      home: dataFolder(words.text('home')),
      // Beside this program in the bundle.
      hostPath: path.join(__dirname, 'engine', 'host.js'),
      takesUpRuns: command.stays ?? false,
    }))
  try {
    return await command.run({ words, output, json: words.flag('json'), lab: open })
  } finally {
    await lab?.close()
  }
}
