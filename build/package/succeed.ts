import { UserError } from '../../shared/errors'
import { CommandMissing, run, type CommandOptions } from '../prepare/command'

/** Runs a command that must end well. @param need What to install where it is missing. @throws UserError where it cannot be run or fails. */
export async function succeed(
  command: string,
  args: readonly string[],
  need: string,
  options: CommandOptions = {},
): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, options).catch((error: unknown) => {
    if (!(error instanceof CommandMissing)) throw error
    throw new UserError(`${command} was not found`, { remedy: need })
  })
  if (status === 0) return stdout
  const reason = stderr.trim().split('\n').at(-1) || 'no reason given'
  throw new UserError(`${command} failed: ${reason}`, { remedy: 'mend that, and run this again' })
}
