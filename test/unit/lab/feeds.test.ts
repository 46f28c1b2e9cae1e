import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChangeFeed, RecordFeed } from '../../../main/lab/feeds'
import type { RunSummary } from '../../../shared/api'
import type { StepRecord } from '../../../shared/records'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => vi.useRealTimers())

const step = (number: number): StepRecord => ({
  step: number,
  epoch: 1,
  loss: 1,
  accuracy: 0,
  rate: 0.1,
  ms: 1,
  norms: new Float32Array(),
})

describe('the feed of records', () => {
  it('hands over every step once and in order, at most ten times a second', () => {
    const feed = new RecordFeed()
    const events: number[][] = []
    feed.subscribe(1, { step: 2, epoch: 0 }, ({ steps }) => events.push(steps.map((record) => record.step)))
    feed.add(1, [step(1), step(2), step(3)], [])
    vi.advanceTimersByTime(0)
    expect(events).toEqual([[3]])
    for (let n = 4; n <= 23; n++) {
      feed.add(1, [step(n)], [])
      feed.add(2, [step(n)], [])
      vi.advanceTimersByTime(10)
    }
    vi.advanceTimersByTime(100)
    expect(events.flat()).toEqual(Array.from({ length: 21 }, (_, i) => i + 3))
    expect(events.length).toBeLessThanOrEqual(4)
  })

  it('hands over what waits when it is flushed, and nothing after it was let go', () => {
    const feed = new RecordFeed()
    const events: number[][] = []
    const release = feed.subscribe(1, { step: 0, epoch: 0 }, ({ steps }) => events.push(steps.map((record) => record.step)))
    feed.add(1, [step(1)], [])
    feed.flush(1)
    expect(events).toEqual([[1]])
    feed.add(1, [step(2)], [])
    release()
    feed.add(1, [step(3)], [])
    vi.advanceTimersByTime(1000)
    expect(events).toEqual([[1]])
  })
})

describe('the feed of changes', () => {
  it('tells all runs first, then those that changed or are gone, gathered', () => {
    const runs = new Map([1, 2, 3].map((id) => [id, { id } as RunSummary]))
    const feed = new ChangeFeed((asked) => [...runs.values()].filter(({ id }) => !asked || asked.has(id)))
    const events: { runs: number[]; gone: number[] }[] = []
    feed.subscribe((event) => events.push({ runs: event.runs.map(({ id }) => id), gone: event.gone }))
    vi.advanceTimersByTime(0)
    expect(events).toEqual([{ runs: [1, 2, 3], gone: [] }])
    runs.delete(2)
    for (const id of [1, 2, 1, 1]) feed.mark(id)
    vi.advanceTimersByTime(99)
    expect(events).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(events[1]).toEqual({ runs: [1], gone: [2] })
  })
})
