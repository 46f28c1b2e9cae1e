/**
 * Seeded random numbers: xoshiro128** (Blackman and Vigna 2018), seeded by SplitMix32, the same on every machine.
 * Its whole state is four 32-bit words, so a run can store it and go on bit-equal.
 */
export class Random {
  private state: Uint32Array
  private spare: number | null = null

  /** @param seed Any integer. @param stream Independent sequences of one seed have different streams. */
  constructor(seed: number, stream = 0) {
    let mix = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0
    this.state = Uint32Array.from({ length: 4 }, () => {
      mix = (mix + 0x9e3779b9) >>> 0
      let z = mix
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
      return (z ^ (z >>> 15)) >>> 0
    })
  }

  /** An integer in [0, 2^32). */
  word(): number {
    const s = this.state
    const scrambled = Math.imul(s[1]!, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0
    const shifted = s[1]! << 9
    s[2]! ^= s[0]!
    s[3]! ^= s[1]!
    s[1]! ^= s[2]!
    s[0]! ^= s[3]!
    s[2]! ^= shifted
    s[3] = (s[3]! << 11) | (s[3]! >>> 21)
    return result
  }

  /** Uniform in [0, 1), 24 bits. */
  uniform(): number {
    return (this.word() >>> 8) / 0x1000000
  }

  /** Uniform integer in [0, bound), bound at most 2^32. */
  integer(bound: number): number {
    return Math.floor((this.word() / 0x100000000) * bound)
  }

  /** Standard normal, by the polar method (Marsaglia and Bray 1964). */
  normal(): number {
    if (this.spare !== null) {
      const spare = this.spare
      this.spare = null
      return spare
    }
    for (;;) {
      const u = this.word() / 0x80000000 - 1
      const v = this.word() / 0x80000000 - 1
      const s = u * u + v * v
      if (s > 0 && s < 1) {
        const factor = Math.sqrt((-2 * Math.log(s)) / s)
        this.spare = v * factor
        return u * factor
      }
    }
  }

  /** A uniformly random order of 0 … length−1 (Fisher and Yates). */
  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, i) => i)
    for (let i = length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      const other = order[j]!
      order[j] = order[i]!
      order[i] = other
    }
    return order
  }

  /** The state, to go on from later with `restore`. */
  save(): { words: [number, number, number, number]; spare: number | null } {
    return { words: [...this.state] as [number, number, number, number], spare: this.spare }
  }

  restore(saved: { words: readonly number[]; spare: number | null }): this {
    this.state = Uint32Array.from(saved.words)
    this.spare = saved.spare
    return this
  }
}
