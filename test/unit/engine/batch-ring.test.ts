import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { BatchRing, placesOf, ringBytes } from '../../../main/engine/batches/ring'

const size = { batch: 2, pixels: 3 }
const PLACES = placesOf(size)

describe('the ring of prepared batches', () => {
  it('gives batches in the order in which they were filled, and no more places than it has', () => {
    const filling = new BatchRing(size)
    const taking = new BatchRing(size, filling.memory)
    for (let i = 0; i < PLACES; i++) {
      const place = filling.free()!
      place.images.fill(i)
      place.labels.fill(10 + i)
      filling.fill()
    }
    for (let i = 0; i < 20; i++) {
      const place = taking.take(0)!
      expect([...place.images, ...place.labels]).toEqual([...Array<number>(6).fill(i), 10 + i, 10 + i])
      taking.release()
      const next = filling.free()!
      next.images.fill(i + PLACES)
      next.labels.fill(10 + i + PLACES)
      filling.fill()
    }
  })

  it('has nothing to give before there is something, and what is there still after it was broken off', () => {
    const ring = new BatchRing(size)
    expect(ring.take(1)).toBeUndefined()
    ring.free()
    ring.fill()
    ring.breakOff()
    expect(ring.take(1000)).toBeDefined()
    ring.release()
    expect(ring.take(1e6)).toBeUndefined()
  })

  it('lets a thread go that waits for a place when it is closed', async () => {
    const ring = new BatchRing(size)
    for (let i = 0; i < PLACES; i++) {
      ring.free()
      ring.fill()
    }
    // What `free` does where all places are taken.
    const words = 'const { workerData: w } = require("worker_threads"); Atomics.wait(new Int32Array(w), 1, 0)'
    const thread = new Worker(words, { eval: true, workerData: ring.memory })
    const gone = new Promise((resolve) => thread.on('exit', resolve))
    await new Promise((resolve) => thread.on('online', resolve))
    ring.close()
    expect(await gone).toBe(0)
    expect(ring.free()).toBeUndefined()
  })

  it('takes at most 64 MiB, or two batches where one is larger', () => {
    expect(placesOf({ batch: 128, pixels: 32 * 32 * 3 })).toBe(8)
    const large = { batch: 128, pixels: 224 * 224 * 3 }
    expect(placesOf(large)).toBe(2)
    expect(ringBytes(large)).toBeLessThan(155e6)
    for (const side of [8, 32, 64, 96, 128, 160, 224]) {
      const asked = { batch: 64, pixels: side * side * 3 }
      expect(ringBytes(asked)).toBeLessThanOrEqual(Math.max(64 * 2 ** 20 + 64, 2 * 4 * 64 * (asked.pixels + 1) + 192))
    }
  })
})
