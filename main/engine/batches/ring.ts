/** What the ring may take, bytes; of very large batches there are two all the same. */
const MOST_BYTES = 64 * 2 ** 20
const [FEWEST, MOST] = [2, 8]

/** A batch's place in the ring. */
export interface BatchPlace {
  /** [batch, height, width, channels] */
  readonly images: Float32Array
  readonly labels: Int32Array
}

export interface BatchSize {
  /** Images. */
  readonly batch: number
  /** Numbers of an image: height × width × channels. */
  readonly pixels: number
}

/** Words of the memory's head, and how long it is: the batches after it lie at multiples of a cache line. */
const [FILLED, RELEASED, STATE] = [0, 1, 2]
const HEAD_BYTES = 64
const [OPEN, CLOSED, BROKEN] = [0, 1, 2]

/** Batches that the ring holds, one of which is the step's that is going on. */
export function placesOf(size: BatchSize): number {
  return Math.min(MOST, Math.max(FEWEST, Math.floor(MOST_BYTES / placeBytes(size))))
}

/** Memory that the prepared batches of a run take, bytes. */
export function ringBytes(size: BatchSize): number {
  return HEAD_BYTES + placesOf(size) * placeBytes(size)
}

function placeBytes({ batch, pixels }: BatchSize): number {
  return HEAD_BYTES * Math.ceil((4 * batch * (pixels + 1)) / HEAD_BYTES)
}

/**
 * A few batches in memory that two threads share: one fills them, in order, the other takes them. Either waits by the processor's own
 * means, without messages. Both sides make one over the same memory.
 */
export class BatchRing {
  private readonly words: Int32Array
  private readonly places: readonly BatchPlace[]

  /** @param memory Of `ringBytes(size)` bytes, zeros at first. */
  constructor(
    size: BatchSize,
    readonly memory: SharedArrayBuffer = new SharedArrayBuffer(ringBytes(size)),
  ) {
    this.words = new Int32Array(memory, 0, HEAD_BYTES / 4)
    const numbers = size.batch * size.pixels
    this.places = Array.from({ length: placesOf(size) }, (_, i) => {
      const start = HEAD_BYTES + i * placeBytes(size)
      return {
        images: new Float32Array(memory, start, numbers),
        labels: new Int32Array(memory, start + 4 * numbers, size.batch),
      }
    })
  }

  /** Filling side: the next place that is free. Blocks until there is one; undefined once the ring is closed. */
  free(): BatchPlace | undefined {
    for (;;) {
      const released = Atomics.load(this.words, RELEASED)
      if (Atomics.load(this.words, STATE) !== OPEN) return undefined
      const filled = Atomics.load(this.words, FILLED)
      if (filled - released < this.places.length) return this.places[filled % this.places.length]
      Atomics.wait(this.words, RELEASED, released)
    }
  }

  /** Filling side: the place that `free` gave is filled. */
  fill(): void {
    Atomics.add(this.words, FILLED, 1)
    Atomics.notify(this.words, FILLED)
  }

  /** Filling side: nothing more comes. Batches that are there can be taken still. */
  breakOff(): void {
    Atomics.store(this.words, STATE, BROKEN)
    Atomics.notify(this.words, FILLED)
  }

  /** Taking side: the oldest batch. Blocks so long at most; undefined where there is none yet, at once where none will come. */
  take(milliseconds: number): BatchPlace | undefined {
    const released = Atomics.load(this.words, RELEASED)
    const isBroken = Atomics.load(this.words, STATE) === BROKEN
    if (Atomics.load(this.words, FILLED) === released && !isBroken) Atomics.wait(this.words, FILLED, released, milliseconds)
    return Atomics.load(this.words, FILLED) === released ? undefined : this.places[released % this.places.length]
  }

  /** Taking side: the batch that was taken is done with, and its place free. */
  release(): void {
    Atomics.add(this.words, RELEASED, 1)
    Atomics.notify(this.words, RELEASED)
  }

  /** Taking side: no batch is wanted any more. */
  close(): void {
    Atomics.store(this.words, STATE, CLOSED)
    // Another number than the one that the filling side may be about to wait on.
    this.release()
  }
}
