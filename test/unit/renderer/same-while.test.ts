import { expect, it } from 'vitest'
import { shallowRef } from 'vue'
import type { SeedArm } from '../../../shared/seed-differences'
import { useArms } from '../../../renderer/ui/use-arms'

it('arms are the same object while a run goes on, and others once it is done', () => {
  const run = (state: string, loss: number): SeedArm['runs'][number] =>
    ({ ...{ seed: 1, state, sets: null }, measures: { loss } }) as unknown as SeedArm['runs'][number]
  const list = shallowRef([run('running', 2)])
  const arms = useArms(() => [{ label: 'plain', runs: list.value }])
  const first = arms.value
  list.value = [run('running', 1)]
  expect(arms.value).toBe(first)
  list.value = [run('done', 1)]
  expect(arms.value[0]!.runs[0]!.measures).toEqual({ loss: 1 })
  const done = arms.value
  list.value = [run('done', 1)]
  expect(arms.value).toBe(done)
})
