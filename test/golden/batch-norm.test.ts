import { expect, it } from 'vitest'
import { NetworkSession } from '../../main/engine/network-session'
import { expand, networkFromDocument } from '../../shared/architecture'
import { expectClose } from './support/compare'

it('batch norm divides by the biased variance and keeps the unbiased one', () => {
  const network = expand(
    networkFromDocument({
      format: 'normlab/network',
      version: 1,
      name: 'one number',
      nodes: [
        { id: 'input', kind: 'input', attributes: { height: 1, width: 1, channels: 1 } },
        { id: 'norm', kind: 'batch-norm', attributes: { momentum: 0 } },
        { id: 'pool', kind: 'global-average-pool' },
        { id: 'head', kind: 'dense', attributes: { units: 2 } },
        { id: 'loss', kind: 'softmax-cross-entropy' },
      ],
    }),
  )
  const optimiser = { momentum: 0, nesterov: false, weightDecay: 0 }
  const of = (values: number[]): { logits: Float32Array; mean: number; variance: number } => {
    const session = new NetworkSession(network, { batch: values.length, optimiser, threads: 1 })
    // gamma, beta, the kernel of two units, their biases: the first logit is the norm's output.
    session.set('parameters', Float32Array.of(1, 0, 1, 0, 0, 0))
    const batch = { images: Float32Array.from(values), labels: new Int32Array(values.length) }
    const { logits } = session.differentiate(batch)
    session.step(batch, 0)
    const [mean, variance] = session.get('statistics') as unknown as [number, number]
    session.close()
    return { logits: logits.filter((_, i) => i % 2 === 0), mean, variance }
  }
  const three = of([15, 17, -2])
  expectClose(three.logits, [0.586546, 0.821165, -1.407711], 1e-6, 'outputs')
  expectClose([three.mean, three.variance], [10, 109], 1e-6, 'statistics')
  const two = of([1, 4])
  expectClose([two.mean, two.variance], [2.5, 2 * 2.25], 1e-6, 'of two')
  expect(two.logits[0]).toBeCloseTo(-1, 5)
})
