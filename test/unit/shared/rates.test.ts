import { describe, expect, it } from 'vitest'
import { Training } from '../../../shared/configuration'
import { checkRate } from '../../../shared/optimisers'

const said = (given: object): string | undefined => checkRate(Training.parse(given))

describe('a rate that is far above the usual one', () => {
  it('is told of Muon by its scale: like AdamW’s, or as it was published', () => {
    expect(said({ optimiser: 'muon', rate: 0.1 })).toBe('the rate, 0.1, is 100 times Muon’s usual one, 0.001: such a run often learns nothing') // prettier-ignore
    expect(said({ optimiser: 'muon', rate: 0.016 })).toBeUndefined()
    expect(said({ optimiser: 'muon', rate: 0.1, muon: { scale: 'original' } })).toBeUndefined()
    expect(said({ optimiser: 'muon', rate: 1, muon: { scale: 'original' } })).toContain('50 times Muon’s usual one, 0.02')
  })

  it('is told of a group with an optimiser of its own, at its own rate', () => {
    const group = { parameters: 'head.*', optimiser: 'adamw' }
    expect(said({ rate: 0.1, groups: [group] })).toMatch(/^the rate of the group head\.\*, 0\.1, is 100 times AdamW’s/)
    expect(said({ rate: 0.1, groups: [{ ...group, rateFactor: 0.1 }] })).toBeUndefined()
    expect(said({ rate: 0.1, groups: [{ parameters: 'norms', rateFactor: 100 }] })).toBeUndefined()
  })
})
