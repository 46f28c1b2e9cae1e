import { describe, expect, it } from 'vitest'
import { cutList, cutText } from '../../../shared/cut-text'

describe('a text from outside', () => {
  it('is cut in its middle where it is long', () => {
    expect(cutText('x'.repeat(80))).toBe('x'.repeat(80))
    const cut = cutText(`begin${'x'.repeat(20_000_000)}end`)
    expect(cut.length).toBeLessThanOrEqual(80)
    expect(cut).toMatch(/^beginx+…x+end$/)
  })

  it('shows what a terminal would obey, and what would turn the direction of writing', () => {
    expect(cutText('a\u001b[2Jb\r\n\u0007\u202ec')).toBe('a\\x1b[2Jb\\x0d\\x0a\\x07\\u202ec')
    expect(cutText('ä 数 😀')).toBe('ä 数 😀')
  })

  it('is a list of which the first are named', () => {
    expect(cutList(['a', 'b'])).toBe('a, b')
    expect(
      cutList(
        Array.from({ length: 30 }, (_, i) => String(i)),
        3,
      ),
    ).toBe('0, 1, 2, … (30 in all)')
  })
})
