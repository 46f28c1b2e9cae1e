import { program } from './cli/program'
import { StandardOutput } from './cli/standard-output'

const output = new StandardOutput(process.stdout, process.stderr)

void program(process.argv.slice(2), {
  print: (text) => output.print(text),
  say: (text) => output.say(text),
}).then((status) => {
  process.exitCode = status
  // What was printed last may fail after the program's end.
  process.on('exit', () => (process.exitCode = output.statusOf(status)))
})
