import { expect, it } from 'vitest'
import { partsOf } from '../../../main/lab/job-parts'

it('counts parts of any pace in one course, and none goes on once the work is called off', () => {
  const off = new AbortController()
  const told: [string, number, number][] = []
  const [read, steps, none] = partsOf('test', [100, 50, 0], { signal: off.signal, tell: (...how) => told.push(how) })
  read!.add(60)
  // A file may have grown since its size was asked.
  read!.add(60)
  steps!.reach(0.5)
  none!.reach(1)
  expect(told.map(([, done]) => done)).toEqual([60, 100, 125, 150])
  expect(told.every(([phase, , total]) => phase === 'test' && total === 150)).toBe(true)
  off.abort()
  expect(() => steps!.add(1)).toThrow('aborted')
  expect(told).toHaveLength(4)
})
