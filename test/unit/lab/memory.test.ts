import { describe, expect, it } from 'vitest'
import { checkMemory, neededMemory } from '../../../main/lab/memory'
import { compile } from '../../../main/engine/graph/compile'
import { expand, networkFromPreset, trainingMemory } from '../../../shared/architecture'
import { Training } from '../../../shared/configuration'
import { ops } from '../../../shared/ops'

const network = expand(networkFromPreset('proc-resnet-1003'))
const check = (batch: number, recompute: number, available: number, total = 32e9): string | undefined =>
  checkMemory(network, { batch, recompute }, { total, available })

describe('the memory of a run', () => {
  it('is enough for a thousand layers at batch 8 in 4 GB, and at batch 32 in 6 GB where values are computed again', () => {
    expect(check(8, 0, 4e9)).toBeUndefined()
    expect(check(32, 1, 6e9)).toBeUndefined()
    expect(check(32, 0, 6e9)).toMatch(
      /^a step with a batch of 32 needs about \d+\.\d GB, and 6\.0 GB are free; a batch of \d+ would fit, or recompute=1 would take less$/,
    )
  })

  it('is refused where the machine has not so much, with the batch that would fit', () => {
    const fitting = Number(/a batch of (\d+) would fit/.exec(sentence(() => check(512, 0, 8e9, 8e9)))![1])
    expect(() => check(fitting, 0, 8e9, 8e9)).not.toThrow()
    expect(() => check(fitting + 1, 0, 8e9, 8e9)).toThrow(/training\.batch: a step .* this machine has 8\.0 GB/)
    expect(sentence(() => check(512, 1, 0.6e9, 0.6e9))).toMatch(/not even one image would fit$/)
  })

  it('is that of attention’s weights too, which go with the square of the places', () => {
    const vit = expand(networkFromPreset('vit:blocks=12,patch=1,input=32x32x3'))
    const { heads } = vit.layers.find(({ op }) => op.kind === 'attention')!.attributes as { heads: number }
    const weights = 4 * 128 * 12 * heads * 1024 ** 2
    expect(weights).toBeGreaterThan(25e9)
    const machine = { total: weights, available: weights }
    expect(() => checkMemory(vit, { batch: 128, recompute: 0 }, machine)).toThrow(/training\.batch: a step with a batch of 128/)
    // Values computed again keep one block's weights at a time, and its gradient takes three times as much.
    const { perImage } = trainingMemory(vit, 1)
    expect(perImage / (4 * heads * 1024 ** 2)).toBeGreaterThan(4)
    expect(perImage / (4 * heads * 1024 ** 2)).toBeLessThan(6)
  })

  it('is that of SOAP’s matrices, of sides that have them', () => {
    const wide = expand(networkFromPreset('residual-mlp:blocks=2,width=128'))
    const of = (given: object): number => neededMemory(wide, { ...Training.parse(given), recompute: 0 })
    const without = of({ optimiser: 'adamw' })
    // Both kernels of each block and no other: Gram matrices and bases, kept and made.
    const square = 4 * 4 * 128 ** 2
    expect((of({ optimiser: 'soap' }) - without) / square).toBeGreaterThanOrEqual(2 * 2 * 2)
    expect(of({ optimiser: 'soap', soap: { side: 8 } })).toBe(without)
    expect(of({ optimiser: 'soap', groups: [{ parameters: '*', optimiser: 'adamw' }] })).toBe(without)
  })

  it('is that of the operations of layers that come to many of them', () => {
    const small = (
      channels: number,
      ...layers: { kind: string; attributes: Record<string, unknown> }[]
    ): ReturnType<typeof expand> =>
      expand({
        ...{ format: 'normlab/network', version: 1, name: 'small' },
        nodes: [
          { id: 'input', kind: 'input', attributes: { height: 8, width: 8, channels } },
          ...layers.map((layer, i) => ({ id: `l${i}`, ...layer })),
          { id: 'pool', kind: 'global-average-pool' },
          { id: 'head', kind: 'dense', attributes: { units: 10 } },
          { id: 'loss', kind: 'softmax-cross-entropy' },
        ],
      })
    const operations = (network: ReturnType<typeof expand>): number =>
      compile(network, { batch: 2, optimiser: { momentum: 0.9, nesterov: false, weightDecay: 0 } }).nodes.length
    for (const [kind, attributes] of [
      ['conv2d', { filters: 64, groups: 32 }],
      ['ws-conv2d', { filters: 64, groups: 16 }],
      ['orthogonal-conv2d', { filters: 16 }],
      ['orthogonal-conv2d', { filters: 64, size: 7 }],
      ['reflection-conv2d', { filters: 16, size: 5 }],
      ['skew-conv2d', { filters: 32, terms: 4 }],
      ['skew-conv2d', { filters: 32, terms: 30 }],
    ] as const) {
      const network = small(32, { kind, attributes })
      const layer = network.layers.find(({ op }) => op.kind === kind)!
      const share = layer.op.operations!(layer.attributes) / (operations(network) - operations(small(32)))
      expect(share, `${kind} ${JSON.stringify(attributes)}`).toBeGreaterThan(0.75)
      expect(share, `${kind} ${JSON.stringify(attributes)}`).toBeLessThan(1.35)
    }
    // A process that took three steps was seen to have 1.1 GB.
    const grouped = small(4096, { kind: 'conv2d', attributes: { filters: 4096, groups: 4096 } })
    const needed = neededMemory(grouped, { batch: 4, recompute: 0 })
    expect(needed / 1.1e9).toBeGreaterThan(1)
    expect(needed / 1.1e9).toBeLessThan(4 / 3)
  })

  it('is that of what reflections keep for their way back: what wraps around, and which are open', () => {
    const { held } = ops.get('reflection-conv2d')!
    expect(held!([[8, 8, 4]], { filters: 3, size: 3 })).toEqual({ kept: 592, passing: 592 })
  })

  it('is that of what other convolutions that keep norms hold: what wraps around, and the terms of a series', () => {
    const held = (kind: string, channels: number, attributes: object) =>
      ops.get(kind)!.held!([[8, 8, channels]], { stride: 1, size: 3, ...attributes })
    expect(held('orthogonal-conv2d', 4, { filters: 6 })).toEqual({ kept: 400, passing: 400 })
    expect(held('orthogonal-conv2d', 4, { filters: 6, size: 2, stride: 2 })).toEqual({ kept: 0, passing: 0 })
    expect(held('skew-conv2d', 4, { filters: 4, terms: 8 })).toEqual({ kept: 7 * 256, passing: 2 * 256 })
    expect(held('skew-conv2d', 3, { filters: 4, terms: 5 })).toEqual({ kept: 5 * 256, passing: 2 * 256 })
    expect(held('skew-conv2d', 4, { filters: 2, terms: 5 })).toEqual({ kept: 4 * 256, passing: 3 * 256 })
  })

  it('is not said to become less by recomputation where there is none', () => {
    const machine = { total: 32e9, available: 4e9 }
    expect(checkMemory(network, { batch: 32, recompute: 0, canRecompute: false }, machine)).toMatch(/a batch of \d+ would fit$/)
  })
})

function sentence(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return ''
}
