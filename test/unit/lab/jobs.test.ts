import { expect, it } from 'vitest'
import type { EngineSupervisor } from '../../../main/engine/supervisor'
import type { JobControl } from '../../../main/lab/boundary'
import { Jobs } from '../../../main/lab/jobs'

it('calls off what is a job’s own, not what another one has begun since', async () => {
  const called: string[] = []
  const ends = new Map<string, () => void>()
  const inBackground = (_: string, { weights }: { weights: string }) => ({
    answer: new Promise<unknown>((resolve) => ends.set(weights, () => resolve(weights))),
    cancel: () => called.push(weights),
  })
  const jobs = new Jobs({ inBackground } as unknown as EngineSupervisor)
  const listeners: (() => void)[] = []
  const control: JobControl = { tell: () => undefined, onCancel: (listener) => listeners.push(listener) }
  const other: JobControl = { tell: () => undefined, onCancel: () => undefined }
  const asked = (weights: string, by: JobControl): Promise<unknown> => jobs.run('jacobian', { weights } as never, by)
  // One job that asks the engine twice, as the depth law does a run, and another that waits behind it.
  const first = asked('first', control)
  ends.get('first')!()
  await first
  await new Promise(setImmediate)
  void asked('second', control)
  const waiting = asked('of another', other)
  for (const listener of listeners) listener()
  expect(called).toEqual(['second'])
  ends.get('of another')!()
  expect(await waiting).toBe('of another')
})
