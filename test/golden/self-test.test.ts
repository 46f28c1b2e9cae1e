import { expect, it } from 'vitest'
import { selfTest } from '../../main/engine/tasks/self-test'

it('the self-test’s three steps come out as PyTorch has them', () => {
  const { worst, isRight, losses, expected } = selfTest()
  expect(losses).toHaveLength(expected.length)
  expect(isRight).toBe(true)
  expect(worst).toBeLessThan(1e-5)
})
