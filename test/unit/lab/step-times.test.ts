import { expect, it } from 'vitest'
import { basisWords } from '../../../main/lab/step-times'

it('what the times of many runs rest on is told once, with the farthest that it was scaled', () => {
  const scaled = { ms: 3, source: 'the step time of run 1 here, scaled by operations' }
  const factors = [1, 12.3, 40.2, 9].map((factor) => ({ ...scaled, factor }))
  expect(basisWords(factors)).toBe(`${scaled.source} over a factor of up to 40, which may be far off`)
  expect(basisWords([factors[1]!, factors[1]!])).toBe(`${scaled.source} over a factor of 12, which may be far off`)
  expect(basisWords([factors[0]!, { ms: 1, source: 'a pass', factor: 1 }, factors[0]!])).toBe(`${scaled.source}; a pass`)
})
