import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../shared/architecture'
import { Random } from '../../shared/random'

const presets = [
  'proc-resnet:blocks=3,planes=4/8/16,input=16x16x3',
  'proc-resnet-v1:blocks=2,planes=4/8,input=16x16x3',
  'resnet:blocks=3,widths=8/16,input=16x16x3',
  'plain:blocks=3,widths=8/16,input=16x16x3',
  'densenet-bc:blocks=3,growth=6,stages=2,input=16x16x3',
]

describe('values computed again on the way back', () => {
  describe.each(presets)('in %s', (preset) => {
    const batch = 4
    const network = expand(networkFromPreset(preset))
    const random = new Random(5)
    const images = Float32Array.from({ length: batch * 16 * 16 * 3 }, () => random.normal())
    const labels = Int32Array.from({ length: batch }, () => random.integer(10))

    /** All that three steps measure, and where they end. */
    function train(recompute: number): Float32Array[] {
      const session = new NetworkSession(network, {
        batch,
        optimiser: { momentum: 0.9, nesterov: false, weightDecay: 1e-4 },
        recompute,
        threads: 2,
      })
      try {
        session.set('parameters', initialParameters(network, session.graph.parameters, 'he-fan-in', 1))
        const steps = [0, 1, 2].map(() => session.step({ images, labels }, 0.01))
        const { gradients } = session.differentiate({ images, labels })
        return [
          Float32Array.from(steps, ({ loss }) => loss),
          ...steps.map(({ norms }) => norms),
          gradients,
          session.get('parameters'),
          session.get('statistics'),
        ]
      } finally {
        session.close()
      }
    }

    const kept = train(0)
    it.each([1, 2, 100])('gives the same numbers, bit by bit, every %i units', (every) => {
      expect(train(every)).toEqual(kept)
    })
  })

  it('keeps the values that enter a segment, and the inner ones of the last segment only', () => {
    const network = expand(networkFromPreset('proc-resnet:blocks=3,planes=4/8/16,input=16x16x3'))
    const session = new NetworkSession(network, { batch: 2, recompute: 2, threads: 1 })
    session.close()
    const again = session.graph.nodes.filter(({ name, op }) => name.startsWith('again/') && ['Conv2D', 'MatMul'].includes(op))
    const units = new Set(again.map(({ name }) => name.split('/')[1]!.split('.').slice(0, -1).join('.')))
    // Twelve units: the stem, nine blocks, two transitions; the last two are not computed again.
    expect(network.units).toHaveLength(12)
    expect(units).toEqual(new Set(network.units.slice(0, -2).map(({ name }) => name)))
  })
})
