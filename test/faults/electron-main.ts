import { app } from 'electron'
import { program } from '../../main/cli/program'
import { StandardOutput } from '../../main/cli/standard-output'
import { startUtilityProcess } from '../../main/window/utility-host'

/** The command line in Electron's main process, with the hosts that the window has: only the tests run it so. Its words stand behind `--`. */
async function runWords(words: readonly string[]): Promise<void> {
  app.disableHardwareAcceleration()
  await app.whenReady()
  const output = new StandardOutput(process.stdout, process.stderr)
  const sides = { print: (text: string) => output.print(text), say: (text: string) => output.say(text) }
  const status = await program(words, sides, startUtilityProcess)
  // What was printed last may not have left yet.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  app.exit(status)
}

void runWords(process.argv.slice(process.argv.indexOf('--') + 1))
