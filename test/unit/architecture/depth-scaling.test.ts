import { describe, expect, it } from 'vitest'
import { checkDepth, depthMultiplier, depthScaling, expand, networkFromPreset } from '../../../shared/architecture'
import type { OptimiserName } from '../../../shared/optimisers'

const open = (words: string) => expand(networkFromPreset(`${words},input=8x8x3`))

/** How far the last value of x ← x + multiplier·w·x moves where every w goes from 0 along its gradient, or by Adam along the gradient's sign. */
function movedBy(blocks: number, alpha: number, optimiser: OptimiserName): number {
  const network = open(`residual-mlp:blocks=${blocks},width=1,norm=none,depth-alpha=${alpha},depth-base=4`)
  const layer = network.layers.findIndex(({ name }) => name === 'block1.dense1')
  const depth = { alpha, base: 4 }
  const multiplier = depthMultiplier(depth, blocks)
  const rate = 0.1 * depthScaling(network, depth)!.factorOf(layer, optimiser)
  const gradient = multiplier // of the last value, with all w at 0 and x at 1
  const step = rate * (optimiser === 'sgd' ? gradient : Math.sign(gradient))
  return (1 + multiplier * step) ** blocks - 1
}

describe('rates that follow the depth', () => {
  it.each([
    [0.5, 'sgd'],
    [1, 'sgd'],
    [0.5, 'adam'],
    [1, 'adamw'],
    [1, 'muon'],
  ] as const)('at exponent %s move deep networks as far as shallow ones by %s', (alpha, optimiser) => {
    const wanted = Math.exp(0.4) - 1
    for (const blocks of [64, 256]) expect(Math.abs(movedBy(blocks, alpha, optimiser) / wanted - 1)).toBeLessThan(0.01)
  })

  it('are of what lies behind a multiplier alone', () => {
    const network = open('preact-resnet:block=basic,blocks=2,widths=4/8,depth-alpha=1')
    const { epsilon, factorOf } = depthScaling(network, { alpha: 1, base: 1 })!
    expect(epsilon).toBe(1 / 4)
    const own = (optimiser: OptimiserName) =>
      network.layers.flatMap(({ name, parameters }, i) =>
        parameters.length > 0 && factorOf(i, optimiser) !== 1 ? [`${name} ${factorOf(i, optimiser)}`] : [],
      )
    const block = (name: string): string[] => ['bn1', 'conv1', 'bn2', 'conv2'].map((layer) => `${name}.${layer} 4`)
    // The first norm of stage 2 feeds the shortcut as well.
    const shared = block('stage2.block1').slice(1)
    expect(own('sgd')).toEqual([...block('stage1.block1'), ...block('stage1.block2'), ...shared, ...block('stage2.block2')])
    expect(own('adam')).toEqual([])
    expect(depthScaling(network, { alpha: 0, base: 4 })).toBeUndefined()
    expect(depthScaling(network, undefined)).toBeUndefined()
  })
})

describe('a network whose rates are to follow its depth', () => {
  const depth = { alpha: 0.5, base: 2 }

  it('has branches', () => {
    expect(() => checkDepth(open('plain:blocks=2'), depth)).toThrow(/no residual branches/)
    expect(checkDepth(open('plain:blocks=2'), { alpha: 0, base: 1 })).toBeUndefined()
    expect(() => open('residual-mlp:skip=none,depth-alpha=1')).toThrow(/without skips/)
  })

  it.each([
    ['residual-mlp:blocks=8', 8],
    ['preact-resnet:blocks=2', 6],
    ['preact-resnet:blocks=2,block=basic', 6],
    ['resnet:blocks=2', 6],
    ['resnet:blocks=2,block=bottleneck,planes=4/8', 4],
    ['wide-resnet:blocks=2,factor=1', 6],
    ['resnext:blocks=1,groups=2,width=2', 3],
    ['proc-resnet:blocks=2', 6],
    ['proc-resnet-v1:blocks=2,planes=4/8', 4],
  ] as const)('is told where those of %s have no multipliers, or other ones', (words, blocks) => {
    expect(checkDepth(open(`${words},depth-alpha=0.5,depth-base=2`), depth)).toBeUndefined()
    expect(checkDepth(open(words), depth)).toContain(`${blocks} of ${blocks} do not`)
    expect(checkDepth(open(`${words},depth-alpha=1,depth-base=2`), depth)).toContain('depth-alpha=0.5,depth-base=2')
  })
})
