import { describe, expect, it } from 'vitest'
import { Entrance, isSame, newToken } from '../../../main/serve/entrance'

describe('the entrance of the browser mode', () => {
  it('compares words of any length, and takes none but the same', () => {
    const token = newToken()
    expect(token).toMatch(/^[0-9a-f]{64}$/)
    expect(isSame(token, token)).toBe(true)
    for (const other of ['', token.slice(1), token + '0', token.toUpperCase() + ' ', newToken(), '\u0000'.repeat(64)])
      expect(isSame(other, token)).toBe(false)
  })

  it('counts wrong words of the last minute only, by a clock of its own', () => {
    let now = 0
    const told: string[] = []
    const entrance = new Entrance(
      newToken(),
      (sentence) => told.push(sentence),
      () => now,
    )
    const tries = (count: number): string[] => Array.from({ length: count }, () => entrance.knock('x'))
    expect(new Set(tries(30))).toEqual(new Set(['wrong']))
    expect(new Set(tries(5))).toEqual(new Set(['too-often']))
    // Tickets are words too.
    expect(entrance.exchange('x')).toBe('too-often')
    expect(told).toHaveLength(1)
    expect(entrance.knock(entrance.token)).toBe('in')
    expect(entrance.exchange(entrance.ticket)).toBe('in')
    now = 60_001
    expect(new Set(tries(30))).toEqual(new Set(['wrong']))
    expect(tries(1)).toEqual(['too-often'])
    expect(told).toHaveLength(2)
  })
})
