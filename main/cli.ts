import { program } from './cli/program'
import { reasonOf } from './files/reasons'

// A reader that has seen enough (`normlab train … | head`) ends the program, not the records that are stored.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(1)
  process.stderr.write(`normlab: standard output cannot be written: ${reasonOf(error)}; send it somewhere else\n`)
  process.exit(2)
})

void program(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  say: (text) => process.stderr.write(text),
}).then((status) => {
  process.exitCode = status
})
