import { rmSync } from 'node:fs'
import { program } from '../../../main/cli/program'

/**
 * Runs the command line in this process, a command a line of standard input (a JSON list of words), and says of each how it ended. Whoever
 * started it sees a death, and what was being done.
 */
export interface Said {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
  /** Of processor time: how long it takes beside others says nothing of it. */
  readonly ms: number
  /** Most memory that the process ever had, bytes. */
  readonly peak: number
}

async function answer(words: string[]): Promise<Said> {
  let [stdout, stderr] = ['', '']
  const began = process.cpuUsage()
  const status = await program(words, {
    print: (text) => void (stdout += stdout.length < 1e6 ? text : ''),
    say: (text) => void (stderr += stderr.length < 1e5 ? text : ''),
  })
  const { user, system } = process.cpuUsage(began)
  return { status, stdout, stderr, ms: (user + system) / 1000, peak: process.resourceUsage().maxRSS * 1024 }
}

let rest = ''
let turn = Promise.resolve()
process.stdin.on('data', (part: Buffer) => {
  const lines = (rest + part.toString()).split('\n')
  rest = lines.pop()!
  for (const line of lines)
    turn = turn.then(async () => {
      const words = JSON.parse(line) as string[]
      if (words[0] === 'remove') rmSync(words[1]!, { recursive: true, force: true })
      else process.stdout.write(JSON.stringify(await answer(words)) + '\n')
    })
})
