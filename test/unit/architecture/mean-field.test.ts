import { describe, expect, it } from 'vitest'
import { expand, foreseenSignal, networkFromPreset } from '../../../shared/architecture'

const foreseen = (words: string, zeroGamma: boolean) => {
  const network = expand(networkFromPreset(words))
  const count = network.units.length
  const measured = { meanSquares: new Float32Array(count + 1).fill(1), variances: new Float32Array(count + 1).fill(1), branchVariances: new Float32Array(count) } // prettier-ignore
  return foreseenSignal(network, { init: 'he-fan-in', biasDeviation: 0, lsuv: false, zeroGamma }, measured)!
}

describe('what theory foresees of branches', () => {
  // Each form ends its branches in another parameter: a norm's γ, a standardised convolution's, a learned factor, a kernel.
  it.each(['preact-resnet:blocks=2,planes=4/8', 'resnet:blocks=2,widths=8/16', 'normfree-resnet:form=nf,blocks=2,widths=8/16', 'normfree-resnet:form=skipinit,blocks=2,widths=8/16'])(
    'of %s is nothing where they start at zero, whatever parameter they end in',
    (words) => {
      const { branchVariances } = foreseen(words, true)
      const told = [...branchVariances].filter((value) => !Number.isNaN(value))
      expect(told.length).toBeGreaterThan(0)
      expect(told.every((value) => value === 0)).toBe(true)
    },
  ) // prettier-ignore
})
