import { expect, it } from 'vitest'
import { optimiserSettings } from '../../../main/engine/graph/update/settings'
import { Training } from '../../../shared/configuration'

it('what updates depend on has its usual value where it is left out, undefined, or part of a family', () => {
  const usual = Training.parse({})
  const given = { momentum: 0, nesterov: false, weightDecay: 0 }
  const found = optimiserSettings({ ...given, beta2: undefined, muon: { scale: 'original' } } as never)
  expect(found.momentum).toBe(0)
  expect(found.beta2).toBe(usual.beta2)
  expect(found.muon).toEqual({ ...usual.muon, scale: 'original' })
  expect(found.soap).toEqual(usual.soap)
  expect(optimiserSettings()).toEqual(usual)
})
