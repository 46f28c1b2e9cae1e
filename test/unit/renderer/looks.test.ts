import { expect, it } from 'vitest'
import { wholeAxis } from '../../../renderer/charts/axis'
import { beginsWithSteps } from '../../../renderer/runs/use-heat-rows'
import { chipFill, looksOf } from '../../../renderer/run-list/run-state'

it('runs that are shown together look different while there are looks left, and keep their own where it is free', () => {
  const ids = [1, 2, 10, 17, 18, 33, 40]
  const looks = looksOf(ids)
  expect(looks.get(2)).toEqual({ colour: 1, isDashed: false })
  expect(looks.get(10)).toEqual({ colour: 1, isDashed: true })
  expect(new Set([...looks.values()].map((look) => JSON.stringify(look))).size).toBe(ids.length)
  const sixteen = looksOf(Array.from({ length: 16 }, (_, i) => 1 + 16 * i))
  expect(new Set([...sixteen.values()].map(chipFill)).size).toBe(16)
  expect(looksOf(Array.from({ length: 40 }, (_, i) => i + 1)).size).toBe(40)
})

it('an axis of whole numbers has whole labels', () => {
  for (const [low, high] of [
    [1, 2],
    [3, 3],
    [0, 1],
    [1, 9],
    [2, 110],
  ] as const) {
    const { ticks, label } = wholeAxis(low, high)
    for (const tick of ticks) expect(Number.isInteger(Number(label(tick).replace(/\s/g, ''))), label(tick)).toBe(true)
  }
})

it('a run of two epochs begins with its steps, in the map as in the scrubber', () => {
  expect(beginsWithSteps({ steps: 200, stepsPerEpoch: 100 })).toBe(true)
  expect(beginsWithSteps({ steps: 201, stepsPerEpoch: 100 })).toBe(false)
  expect(beginsWithSteps({ steps: 0, stepsPerEpoch: 0 })).toBe(true)
})
