import { describe, expect, it } from 'vitest'
import { EarlyStop } from '../../../main/engine/training/early-stop'
import type { EpochRecord } from '../../../shared/records'

const epoch = (number: number, testLoss: number | null): EpochRecord =>
  ({ epoch: number, testLoss, testAccuracy: testLoss === null ? null : 1 - testLoss / 10, trainLoss: 9 - number }) as EpochRecord

describe('an early stop', () => {
  const settings = { measure: 'test-loss', patience: 2, least: 0.1 } as const

  it('comes when the measure has not improved by enough for as many epochs as one has patience', () => {
    const stop = new EarlyStop(settings)
    const losses = [3, 2, 1.95, 1.8, 1.75, 1.71]
    const reasons = losses.map((loss, i) => stop.add(epoch(i + 1, loss)))
    expect(reasons.slice(0, 5)).toEqual([undefined, undefined, undefined, undefined, undefined])
    expect(reasons[5]).toBe('stopped early: the test loss has not improved since epoch 4 (1.8)')
  })

  it('passes over epochs that were not tested, and never comes where nothing is watched', () => {
    const stop = new EarlyStop(settings)
    expect([1, 2, 3, 4, 5].map((number) => stop.add(epoch(number, number === 1 ? 1 : null)))).toEqual(Array(5).fill(undefined))
    const none = new EarlyStop({ ...settings, measure: 'none' })
    expect([1, 2, 3, 4, 5].map((number) => none.add(epoch(number, 1)))).toEqual(Array(5).fill(undefined))
  })

  it('takes a rising accuracy and a falling training loss for an improvement', () => {
    const accuracy = new EarlyStop({ measure: 'test-accuracy', patience: 1, least: 0 })
    expect([9, 8, 7].map((loss, i) => accuracy.add(epoch(i + 1, loss)))).toEqual(Array(3).fill(undefined))
    expect(accuracy.add(epoch(4, 7))).toMatch(/the test accuracy has not improved since epoch 3/)
    const train = new EarlyStop({ measure: 'train-loss', patience: 1, least: 0 })
    expect([1, 2, 3].map((number) => train.add(epoch(number, null)))).toEqual(Array(3).fill(undefined))
  })

  it.each([
    ['at the start', [NaN, 2, 1.5, 1, 0.5], 0.5, 5],
    ['in the middle', [2, NaN, 1.5, Infinity, 1], 1, 5],
  ])('never takes what is not finite for the best: %s', (_, losses, best, bestEpoch) => {
    const settings = { measure: 'test-loss', patience: 3, least: 0 } as const
    for (const pauses of [false, true]) {
      let stop = new EarlyStop(settings)
      losses.forEach((loss, i) => {
        expect(stop.add(epoch(i + 1, loss))).toBeUndefined()
        if (pauses)
          stop = new EarlyStop(settings).restore(JSON.parse(JSON.stringify(stop.save())) as ReturnType<EarlyStop['save']>)
      })
      expect(stop.save()).toEqual({ best, bestEpoch })
    }
  })

  it('comes where nothing has been finite for as long as one has patience', () => {
    const stop = new EarlyStop(settings)
    expect(stop.add(epoch(1, NaN))).toBeUndefined()
    expect(stop.add(epoch(2, Infinity))).toBe('stopped early: the test loss was not finite in any of 2 epochs')
    const later = new EarlyStop(settings)
    expect([3, NaN, NaN].map((loss, i) => later.add(epoch(i + 1, loss)))[2]).toContain('since epoch 1 (3)')
  })

  it('goes on from a saved state as if nothing had been', () => {
    const stop = new EarlyStop(settings)
    stop.add(epoch(1, 1))
    stop.add(epoch(2, 1))
    const other = new EarlyStop(settings).restore(JSON.parse(JSON.stringify(stop.save())) as ReturnType<EarlyStop['save']>)
    expect(other.add(epoch(3, 1))).toEqual(stop.add(epoch(3, 1)))
    expect(other.save()).toEqual(stop.save())
  })
})
