import { describe, expect, it } from 'vitest'
import { Waiting, type WaitedStep } from '../../../shared/measures/waiting'

const steps = (count: number, ms: number, waitedMs: number | undefined, first = 2): WaitedStep[] =>
  Array.from({ length: count }, (_, i) => ({ step: first + i, ms, ...(waitedMs !== undefined && { waitedMs }) }))

describe('the share of time that steps wait for data', () => {
  it('is of all their time, the first step of a run left out, which waits for the thread to start', () => {
    const slow = { step: 1, ms: 1000, waitedMs: 900 }
    expect(Waiting.of([slow, ...steps(8, 100, 0), ...steps(2, 100, 50, 10)]).share).toBe(0.1)
    expect(Waiting.of([slow]).share).toBeNull()
  })

  it('is not known of older records', () => {
    expect(Waiting.of(steps(10, 100, undefined)).share).toBeNull()
    expect(Waiting.of([...steps(10, 100, undefined), ...steps(10, 100, 25)]).share).toBe(0.25)
  })

  it('is told in a sentence from a twentieth on, where it comes to half a second', () => {
    expect(Waiting.of(steps(100, 100, 12)).words(3)).toMatch(
      /^in epoch 3, 12 % of the steps’ time went by waiting for images: they are read or prepared more slowly than they are trained on\./,
    )
    expect(Waiting.of(steps(100, 100, 4)).words(3)).toBeUndefined()
    expect(Waiting.of(steps(10, 100, 40)).words(3)).toBeUndefined()
    expect(Waiting.of(steps(100, 100, undefined)).words(3)).toBeUndefined()
  })
})
