import { describe, expect, it } from 'vitest'
import { bytesText } from '../../../renderer/designer/panels/figures'

describe('bytes in words', () => {
  it.each([
    [830, '830 B'],
    [42.1e6, '42.1 MB'],
    [1.53e9, '1.53 GB'],
    [1.5e12, '1.50 TB'],
    [1e15, '1.00 PB'],
  ])('%d', (bytes, words) => expect(bytesText(bytes).replace('\u202f', ' ')).toBe(words))
})
