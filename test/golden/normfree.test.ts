import { describe, expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../shared/architecture'
import { ratios } from '../../shared/norms/ratio'
import { elements } from '../../shared/ops/op'
import { Random } from '../../shared/random'

const BATCH = 8

/** What a network of this preset measures on normal images, at its start. */
function atStart(words: string, init: 'he-fan-in' | 'delta-orthogonal' = 'he-fan-in') {
  const network = expand(networkFromPreset(`${words},input=16x16x3`))
  const session = new NetworkSession(network, { batch: BATCH, threads: 2 })
  try {
    const values = initialParameters(network, session.graph.parameters, init, 1)
    session.set('parameters', values)
    const random = new Random(2)
    const images = Float32Array.from({ length: BATCH * 16 * 16 * 3 }, () => random.normal())
    const batch = { images, labels: Int32Array.from({ length: BATCH }, (_, i) => i) }
    const { norms } = session.measure(batch)
    const activations = session.activations(batch)
    const meanSquares = network.units.map(({ shape }, i) => activations[i]! ** 2 / (BATCH * elements(shape)))
    return { network, slots: session.graph.parameters.slots, values, norms, ratios: ratios(norms), meanSquares }
  } finally {
    session.close()
  }
}

describe('residual networks without norm layers', () => {
  it('of SkipInit and Fixup begin as the identity, and hand the gradient back as it is', () => {
    for (const form of ['skipinit', 'fixup']) {
      // A head of zeros hands nothing back; any other will do for what lies below it.
      const { network, ratios, norms } = atStart(`normfree-resnet:blocks=3,widths=4/8,form=${form}`)
      network.units.forEach(({ name }, i) => {
        if (!/block[23]$/.test(name)) return
        if (form === 'fixup') expect(norms[i]).toBe(0)
        else expect(ratios[i]).toBeCloseTo(1, 6)
      })
    }
  })

  it('of Fixup start as the authors’ program has them', () => {
    const { slots, values } = atStart('normfree-resnet:blocks=4,widths=16/32,form=fixup')
    const deviation = (name: string): number => {
      const { offset, length } = slots.find((slot) => slot.name === name)!
      return Math.sqrt(values.slice(offset, offset + length).reduce((sum, value) => sum + value ** 2, 0) / length)
    }
    // He's deviation times L^(−1/2), with 8 blocks.
    expect(deviation('stage2.block3.conv1.kernel') / (Math.sqrt(2 / (9 * 32)) / Math.sqrt(8))).toBeCloseTo(1, 1)
    for (const name of ['stage1.block1.conv2.kernel', 'stage2.block4.conv2.kernel', 'head.kernel', 'stage1.block2.shift1a.beta']) expect(deviation(name)).toBe(0) // prettier-ignore
    expect(deviation('stage1.block1.scale.gamma')).toBe(1)
  })

  it('of the NF form keep the variance that they divide by, and begin every stage with it as their authors’ program does', () => {
    const [blocks, alpha] = [12, 0.2]
    const { network, meanSquares } = atStart(`normfree-resnet:blocks=${blocks},widths=32/32/32,form=nf`)
    // As the program has it, of the standard deviation: the first block of a stage divides by what the stage before left, and sets it back.
    let deviation = 1
    const stem = meanSquares[0]!
    network.units.forEach(({ name }, i) => {
      const level = network.layers.find((layer) => layer.name === `${name}.level1`)!
      expect(Math.sqrt(2 / (1 - 1 / Math.PI)) / Number(level.attributes['value'])).toBeCloseTo(deviation, 10)
      // The stem leaves what it makes of the images, by which all behind it is multiplied.
      expect(Math.abs(meanSquares[i]! / stem / deviation ** 2 - 1), name).toBeLessThan(0.25)
      if (name.endsWith('block1')) deviation = 1
      deviation = Math.sqrt(deviation ** 2 + alpha ** 2)
    })
  })
})

describe('a plain network without norm layers', () => {
  it('begins near 1 with tanh and a delta-orthogonal start, the nearer the deeper the block', () => {
    const { network, ratios } = atStart('plain:blocks=30,widths=16,norm=none,activation=tanh', 'delta-orthogonal')
    const deviations = network.units.flatMap(({ kind }, i) => (kind === 'block' ? [Math.abs(ratios[i]! - 1)] : []))
    expect(Math.max(...deviations)).toBeLessThan(0.2)
    expect(Math.max(...deviations.slice(20))).toBeLessThan(Math.max(...deviations.slice(0, 5)))
  })
})
