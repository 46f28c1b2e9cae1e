import { expect, it } from 'vitest'
import { chainRatio, ratios } from '../../../shared/norms/ratio'
import { changeRows } from '../../../shared/spectra/change-rows'

it('the chain ratio before and after a change is that of the two ends, which a product of ratios loses', () => {
  const [before, after] = [Float32Array.of(0, 0, 1), Float32Array.of(1e30, 1e-30, 1e30)]
  const layer = { unit: 'block1', summary: null } as never
  const rows = changeRows({
    ...{ before: layer, after: layer, test: null },
    ratios: { units: [], before: ratios(before).slice(), after: ratios(after).slice() },
    chain: { before: chainRatio(before), after: chainRatio(after) },
  })
  expect(rows.find(({ what }) => what === 'chain ratio')).toMatchObject({ before: 0, after: 1 })
})
