import { appendFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { cached, hasFiles } from '../../../build/prepare/cache'
import { runTool } from '../../../build/command-line'

/** A program for the tests of the cache: makes an entry of some megabytes, and notes in a log that it began. `make-entry.ts LOG MB` */
const [log, size] = [process.argv[2]!, Number(process.argv[3])]

runTool(async () => {
  const folder = await cached({
    name: 'entry',
    peakBytes: 0,
    isWhole: (candidate) => hasFiles(candidate, ['whole']),
    make: async (aside) => {
      appendFileSync(log, 'began\n')
      for (let i = 0; i < size; i++) await writeFile(path.join(aside, `part-${i}`), Buffer.alloc(1e6))
      if (process.argv[4] === 'die') process.kill(process.pid, 'SIGKILL')
      await writeFile(path.join(aside, 'whole'), '')
    },
  })
  process.stdout.write(folder)
})
