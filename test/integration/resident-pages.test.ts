import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { tensorflow } from '../../main/engine/tensorflow/binding'

/** Resident megabytes of the mappings whose file's name has a word in it. */
function residentMegabytes(word: string): number {
  let sum = 0
  let counts = false
  for (const line of readFileSync('/proc/self/smaps', 'utf8').split('\n')) {
    if (/^[0-9a-f]+-[0-9a-f]+ /.test(line)) counts = line.includes(word)
    const kilobytes = /^Rss:\s+(\d+)/.exec(line)?.[1]
    if (counts && kilobytes !== undefined) sum += Number(kilobytes) / 1e3
  }
  return sum
}

it.skipIf(process.platform !== 'linux')('lets go of what loading TensorFlow leaves of its libraries in memory', () => {
  expect(tensorflow().TF_Version).toMatch(/^\d/)
  // 265 MB where nothing is let go.
  expect(residentMegabytes('libtensorflow_')).toBeLessThan(100)
})
