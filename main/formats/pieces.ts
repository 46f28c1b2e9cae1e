/** Content that comes in pieces, taken in others. One owner, who closes it. */
export class Pieces {
  private readonly source: AsyncIterator<Uint8Array>
  private rest: Uint8Array = new Uint8Array(0)

  constructor(content: AsyncIterable<Uint8Array>) {
    this.source = content[Symbol.asyncIterator]()
  }

  /** So many of the next bytes, in memory of their own; fewer at the end. */
  async take(bytes: number): Promise<Uint8Array> {
    const taken = new Uint8Array(bytes)
    let done = 0
    while (done < bytes) {
      if (this.rest.length === 0) {
        const next = await this.source.next()
        if (next.done === true) break
        this.rest = next.value
      }
      const part = this.rest.subarray(0, bytes - done)
      taken.set(part, done)
      done += part.length
      this.rest = this.rest.subarray(part.length)
    }
    return done === bytes ? taken : taken.subarray(0, done)
  }

  async close(): Promise<void> {
    await this.source.return?.()
  }
}
