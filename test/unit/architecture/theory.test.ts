import { describe, expect, it } from 'vitest'
import { expand, networkFromPreset, theoryOf } from '../../../shared/architecture'
import type { BlockNode, LayerNode, NetworkDocument } from '../../../shared/architecture/document'

const of = (words: string) => theoryOf(networkFromPreset(words))
const skips = (words: string) => of(words).units.map(({ path, copies, skip }) => `${path} ×${copies} ${skip}`)
const claim = (words: string, path: string) => of(words).units.find((unit) => unit.path === path)!.claim
const transitions = (words: string) => of(words).transitions.map(({ path, kind }) => `${path} ${kind}`)

describe('the theory of a network', () => {
  it('tells how each unit hands its input on', () => {
    expect(skips('proc-resnet:blocks=18')).toEqual([
      'stem ×1 none',
      'stage1/block ×18 identity',
      'transition1 ×1 none',
      'stage2/block ×18 identity',
      'transition2 ×1 none',
      'stage3/block ×18 identity',
    ])
    expect(skips('preact-resnet:blocks=3,planes=16')).toEqual(['stage1/block1 ×1 shortcut', 'stage1/block ×2 identity'])
    expect(skips('preact-resnet:block=basic,blocks=1,widths=8/16')).toEqual([
      'stage1/block ×1 identity',
      'stage2/block1 ×1 shortcut',
    ])
    expect(skips('densenet:blocks=2,stages=1')).toEqual(['stage1/block ×2 concatenation'])
    expect(skips('plain:blocks=2,widths=8')).toEqual(['stage1/block ×2 none'])
  })

  it('claims the bound for identity skips alone', () => {
    expect(claim('proc-resnet', 'stage1/block')).toBe('Its ratio is within 1 ± δ(L), closer to 1 the more blocks there are (arXiv 1805.07477, theorem 1).') // prettier-ignore
    expect(claim('resnet-20', 'stage1/block')).toContain('here an activation follows the sum')
    expect(claim('resnet-20', 'stage2/block1')).toMatch(/^No bound: a shortcut/)
    expect(claim('plain-20', 'stage1/block')).toMatch(/^No bound: nothing goes past/)
    expect(claim('densenet-40-12', 'stage1/block')).toContain('the paper gives guidance only')
  })

  it('claims no bound where a norm follows the sum, or the branch attends to all places', () => {
    expect(claim('vit:placement=post', 'block/mlp')).toContain('here a norm follows the sum')
    expect(claim('vit', 'block/attention')).toMatch(/^No bound: what attends/)
    expect(claim('vit:placement=post', 'block/attention')).toMatch(
      /^No bound: what attends .* Here a norm follows the sum besides\.$/,
    )
    expect(claim('se-resnet-20', 'stage1/block')).toMatch(/^No bound: a gate.* Here an activation follows the sum besides\.$/)
    expect(claim('vit', 'block/mlp')).toContain('within 1 ± δ(L)')
    expect(claim('vit:placement=deepnorm', 'block/mlp')).toMatch(/^No bound: a shortcut/)
  })

  it('knows blocks whose layers all keep the gradient’s norm, one behind another', () => {
    for (const form of ['plain', 'reflections'])
      expect(claim(`isometric:blocks=1,widths=4,form=${form}`, 'stage1/block')).toMatch(/^Its ratio is 1 at every step/)
  })

  it('says about 1 of skew convolutions with few terms, and nothing of the kind of norms of windows', () => {
    const chain = (...layers: LayerNode[]): string => {
      const { nodes, ...rest } = networkFromPreset('plain:blocks=1,widths=4')
      const block = { kind: 'block', id: 'b', unit: 'block', nodes: layers } as const
      return theoryOf({ ...rest, nodes: [nodes[0]!, block, ...nodes.slice(-2)] }).units[0]!.claim
    }
    const skew = (terms: number): LayerNode => ({ kind: 'skew-conv2d', id: 'skew', attributes: { filters: 4, terms } })
    expect(chain(skew(8), { kind: 'abs', id: 'abs' })).toMatch(/^Its ratio is 1 at every step/)
    expect(chain(skew(3), { kind: 'abs', id: 'abs' })).toMatch(/^Its ratio is about 1 at every step .* behind 3 terms/)
    expect(chain(skew(8), { kind: 'l2-pool', id: 'pool' })).toMatch(/^No bound/)
  })

  it('takes the sum of two parts of the channels for no shortcut', () => {
    const words = 'isometric:blocks=2,widths=4/8,form=subspace'
    expect(skips(words)).toEqual(['stage1/block ×2 none', 'stage2/block1 ×1 none', 'stage2/block ×1 none'])
    expect(transitions(words)).toEqual([])
    expect(claim(words, 'stage1/block')).toMatch(/^No bound/)
  })

  it('knows the transitions', () => {
    expect(transitions('proc-resnet')).toEqual(['transition1 projectable', 'transition2 projectable'])
    expect(transitions('proc-resnet-v1')).toEqual(['transition1 l2-pooling', 'transition2 l2-pooling'])
    expect(transitions('densenet-bc:stages=2')).toEqual(['transition1 learned'])
    expect(transitions('resnet-20')).toEqual(['stage2/block1 learned', 'stage3/block1 learned'])
    expect(transitions('resnet-20:shortcut=padding')).toEqual(['stage2/block1 none', 'stage3/block1 none'])
  })

  it('says of copied channels that they do not keep the norm, of L2 pooling alone that it does', () => {
    expect(of('proc-resnet-v1').transitions[0]!.why).toMatch(
      /^L2 pooling carries .* exactly.*; copying the channels .* does not keep it\.$/,
    )
    expect(of('densenet-bc:transitions=l2').transitions[0]!.why).not.toContain('copying')
  })

  it('finds what keeps the norm by what it is', () => {
    const paths = (words: string) => of(words).preserving.map(({ path }) => path)
    expect(paths('proc-resnet-v1:planes=4/8')).toEqual(['stage1/block/add', 'transition1/pool', 'stage2/block/add', 'pool'])
    expect(paths('plain-20')).toEqual([])
    expect(paths('isometric:blocks=1,widths=4,form=reflections')).toEqual([
      'stem/abs',
      'stage1/block/reflect1',
      'stage1/block/reflect2',
    ])
  })

  it('says of a projection how close it comes: a 1×1 kernel exactly, a larger one but for its crop', () => {
    expect(of('proc-resnet').transitions[0]!.why).toContain('singular values are all √(out/in)')
    expect(claim('proc-resnet', 'stem')).toContain('about √(out/in)')
  })

  it('counts the blocks, and says the bound for them', () => {
    for (const words of ['proc-resnet-166', 'resnet-20', 'densenet-40-12', 'plain-20']) {
      const blocks = expand(networkFromPreset(words)).units.filter(({ kind }) => kind === 'block').length
      expect(of(words).blocks).toBe(blocks)
    }
    expect(of('proc-resnet-166').delta(2)).toBeCloseTo((2 * Math.log(108)) / 54)
  })

  it('reads a document that does not fit', () => {
    const broken = JSON.parse(JSON.stringify(networkFromPreset('resnet-20'))) as NetworkDocument
    const stage = broken.nodes[2] as BlockNode
    ;(stage.nodes[0] as BlockNode).nodes[0]!.kind = 'conv3d'
    ;(stage.nodes[0] as BlockNode).nodes[1]!.inputs = ['nobody']
    broken.nodes.pop()
    expect(theoryOf(broken).blocks).toBe(9)
    expect(theoryOf({ ...broken, nodes: [{ id: 'add', kind: 'add', unit: 'block' }, { id: 'b', kind: 'block', unit: 'block', nodes: [{ id: 'add', kind: 'add', inputs: ['add'] }] }] }).blocks).toBe(2) // prettier-ignore
  })
})
