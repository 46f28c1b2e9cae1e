import { describe, expect, it } from 'vitest'
import { boundaries, expand, inspectNetwork, listPresets, networkFromPreset, parameterNames } from '../../../shared/architecture'
import { theoryOf } from '../../../shared/architecture/theory'
import { checkNetwork } from '../../../shared/architecture/check'
import { NetworkDocument } from '../../../shared/architecture/document'

const inspect = (words: string) => inspectNetwork(networkFromPreset(words))

/** Convolutions and dense layers along the longest way: how the literature counts depth. Shortcuts' convolutions do not count. */
function depthOf(words: string): number {
  const counted = inspect(words).layers.filter(
    ({ name, kind }) => (kind === 'conv2d' || kind === 'dense') && !name.includes('shortcut'),
  )
  return counted.length
}

describe('depth', () => {
  it.each([
    ['plain-N', 'plain', 6, 2],
    ['resnet-N', 'resnet', 6, 2],
    ['preact-resnet-N', 'preact-resnet', 9, 2],
    ['proc-resnet-v1-N', 'proc-resnet-v1', 9, 2],
    ['proc-resnet-N', 'proc-resnet', 9, 4],
    ['densenet-bc-N', 'densenet-bc', 6, 4],
    ['densenet-N', 'densenet', 3, 4],
    ['resnext-N', 'resnext', 9, 2],
    ['residual-mlp-N', 'residual-mlp', 2, 2],
  ])('of %s counts the layers that it has', (_, name, perBlock, constant) => {
    for (const n of [1, 2, 18]) expect(depthOf(`${name}-${perBlock * n + constant}`)).toBe(perBlock * n + constant)
  })

  it.each([
    ['resnet-110', 54],
    ['plain-20', 9],
    ['se-resnet-20', 9],
    ['preact-resnet-164', 54],
    ['preact-resnet-1001', 333],
    ['proc-resnet-v1-164', 54],
    ['proc-resnet-v1-1001', 333],
    ['proc-resnet-166', 54],
    ['proc-resnet-274', 90],
    ['proc-resnet-634', 210],
    ['proc-resnet-1003', 333],
  ])('of %s means %i blocks', (words, blocks) => expect(inspect(words).blocks).toBe(blocks))

  it.each([
    ['resnet-111', 'depth 111 is not 6n+2; use resnet-N with N 110 or 116'],
    ['proc-resnet-164', 'depth 164 is not 9n+4; use proc-resnet-N with N 157 or 166'],
    ['plain-2', 'depth 2 is not 6n+2; use plain-N with N 8 or 14'],
    ['resnet-20-3', 'resnet takes one number'],
    ['resnet-0', 'depth 0 is not 6n+2; use resnet-N with N 8 or 14'],
  ])('%s is refused with the nearest that there are', (words, sentence) =>
    expect(() => networkFromPreset(words)).toThrow(sentence),
  )
})

describe('a residual net of dense layers', () => {
  const of = (options: string) => networkFromPreset(`residual-mlp:blocks=3,width=5,input=1x1x2,classes=4${options}`)
  const kinds = (options: string) => inspectNetwork(of(options)).layers.map(({ kind }) => kind)

  it('has blocks with identity skips on vectors, of which the theorem speaks', () => {
    const network = expand(of(''))
    expect(boundaries(network).map((layer) => network.layers[layer]!.shape)).toEqual([[5], [5], [5], [5]])
    expect(theoryOf(of('')).units).toMatchObject([{ kind: 'block', copies: 3, skip: 'identity', behind: null }])
    expect(theoryOf(of(',skip=none')).units).toMatchObject([{ kind: 'block', copies: 3, skip: 'none' }])
  })

  it('has the norm that is asked for, and no shift before a batch norm', () => {
    const parameters = (options: string) => parameterNames(expand(of(options))).map(({ name }) => name)
    expect(kinds('').filter((kind) => kind === 'batch-norm')).toHaveLength(7)
    expect(kinds(',norm=layer').filter((kind) => kind === 'layer-norm')).toHaveLength(7)
    expect(kinds(',norm=none').filter((kind) => kind.endsWith('norm'))).toEqual([])
    expect(parameters('').filter((name) => name.endsWith('.bias'))).toEqual(['head.bias'])
    expect(parameters(',norm=none')).toContain('block1.dense1.bias')
  })
})

describe('a Vision Transformer', () => {
  const of = (options: string) => networkFromPreset(`vit:blocks=3,width=8,heads=2,input=16x16x3,classes=4${options}`)

  it('has two blocks that are measured in each of the encoder, on tokens that stay an image', () => {
    for (const placement of ['pre', 'post', 'peri', 'deepnorm']) {
      const network = expand(of(`,placement=${placement}`))
      expect(network.units.map(({ name }) => name).slice(0, 3)).toEqual(['block1.attention', 'block1.mlp', 'block2.attention'])
      expect(boundaries(network).map((layer) => network.layers[layer]!.shape)).toEqual(Array(7).fill([4, 4, 8]))
    }
    expect(inspectNetwork(networkFromPreset('vit:blocks=100')).blocks).toBe(200)
  })

  it('has its depth along the longest way: four layers with kernels a block', () => {
    expect(checkNetwork(networkFromPreset('vit-26')).depth).toBe(26)
    expect(expand(networkFromPreset('vit-26')).units).toHaveLength(12)
  })

  it('has norms where its placement has them, and one at the end of those before', () => {
    const norms = (options: string) =>
      inspectNetwork(of(options)).layers.flatMap(({ name, kind }) => (/-norm$/.test(kind) ? [name] : []))
    expect(norms('')).toEqual([...[1, 2, 3].flatMap((n) => [`block${n}.attention.norm`, `block${n}.mlp.norm`]), 'end.norm'])
    expect(norms(',placement=peri')).toHaveLength(13)
    expect(norms(',placement=post')).toHaveLength(6)
    expect(norms(',placement=deepnorm,norm=rms')).toHaveLength(6)
  })

  it('refuses heads that do not divide the width', () => {
    expect(() => expand(networkFromPreset('vit:width=8,heads=3'))).toThrow(/3 does not divide 8 channels/)
  })
})

describe('parameters', () => {
  it('of densenet-bc-100-12 are those that were published', () => expect(inspect('densenet-bc-100-12').parameters).toBe(769_162))

  // Millions, as the papers' tables have them.
  it.each([
    ['wide-resnet-28-10', 36.5],
    ['wide-resnet-16-8', 11.0],
    ['resnext-29', 34.4],
    ['resnext-29:groups=16', 68.2],
    ['densenet-40-12', 1.0],
    ['densenet-bc-250-24', 15.3],
    ['resnet-20:shortcut=padding', 0.27],
    ['resnet-110:shortcut=padding', 1.7],
  ])('of %s are %f million', (words, millions) => {
    const digits = millions < 1 ? 2 : 1
    expect((inspect(words).parameters / 1e6).toFixed(digits)).toBe(millions.toFixed(digits))
  })

  // Millions, as the paper's code counts them.
  it.each([
    ['proc-resnet-274', 2.83],
    ['proc-resnet-634', 6.53],
    ['proc-resnet-1003', 10.33],
    ['preact-resnet:blocks=30', 2.82],
    ['preact-resnet:blocks=70', 6.52],
    ['preact-resnet-1001', 10.32],
  ])('of %s are %f million', (words, millions) =>
    expect(Math.abs(inspect(words).parameters / 1e6 - millions)).toBeLessThan(0.0101),
  )

  it('of a post-activation ResNet-20 with padding shortcuts are 0.27 million, and of ResNet-110 1.7', () => {
    expect(inspect('resnet-20:shortcut=padding').parameters / 1e6).toBeCloseTo(0.27, 2)
    expect(inspect('resnet-110:shortcut=padding').parameters / 1e6).toBeCloseTo(1.73, 2)
  })

  it('are counted as they are named, once each', () => {
    for (const { example } of listPresets()) {
      const network = expand(networkFromPreset(example))
      const names = parameterNames(network).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
    }
  })
})

describe('names', () => {
  it('of the paper’s network are those of its description', () => {
    const network = expand(networkFromPreset('proc-resnet:blocks=2,planes=4/8'))
    expect(network.units.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'stem stem',
      'block stage1.block1',
      'block stage1.block2',
      'transition transition1',
      'block stage2.block1',
      'block stage2.block2',
    ])
    const names = parameterNames(network).map(({ name }) => name)
    expect(names).toContain('stage2.block1.conv3.kernel')
    expect(names).toContain('stage1.block2.bn1.gamma')
    expect(names).toContain('transition1.conv.kernel')
    expect(names.slice(-4)).toEqual(['end.bn.gamma', 'end.bn.beta', 'head.kernel', 'head.bias'])
  })

  it('of boundaries are one more than the units, each unit beginning where the one before ends', () => {
    for (const words of ['plain-20', 'resnet-20', 'preact-resnet-29', 'proc-resnet-31', 'proc-resnet-v1-29', 'densenet-bc-22']) {
      const network = expand(networkFromPreset(words))
      expect(boundaries(network)).toHaveLength(network.units.length + 1)
      network.units.slice(1).forEach((unit, i) => expect(unit.input).toBe(network.units[i]!.output))
    }
  })
})

describe('every preset', () => {
  it.each(listPresets())(
    '$name gives a valid document from its example and its options’ defaults',
    ({ name, example, options }) => {
      expect(NetworkDocument.parse(networkFromPreset(example)).name).toBe(example)
      const all = options.map((option) => `${option.name}=${option.default}`).join(',')
      expect(expand(networkFromPreset(`${name}:${all}`)).layers.length).toBe(expand(networkFromPreset(name)).layers.length)
    },
  )

  it.each(listPresets())('$name takes the data’s geometry, unless it is told another', ({ name }) => {
    const own = networkFromPreset(name, { input: [16, 16, 1], classes: 7 })
    const network = expand(own)
    expect(network.layers[network.input]!.shape).toEqual([16, 16, 1])
    expect(network.layers[network.logits]!.shape).toEqual([7])
    const told = expand(networkFromPreset(`${name}:input=8x8x2,classes=4`, { input: [16, 16, 1], classes: 7 }))
    expect(told.layers[told.input]!.shape).toEqual([8, 8, 2])
    expect(told.layers[told.logits]!.shape).toEqual([4])
  })
})

describe('options', () => {
  it('change what they say they change', () => {
    const widths = expand(networkFromPreset('resnet:blocks=1,widths=5/7/11/13'))
    expect(widths.units.map(({ shape }) => shape[2])).toEqual([5, 5, 7, 11])
    const basic = parameterNames(expand(networkFromPreset('preact-resnet:block=basic,blocks=2'))).map(({ name }) => name)
    expect(basic.some((name) => name.includes('conv3'))).toBe(false)
    expect(inspect('resnet:blocks=2,shortcut=padding').layers.some(({ kind }) => kind === 'padding-shortcut')).toBe(true)
    expect(inspect('densenet-bc:stages=2,blocks=3,growth=6').units).toHaveLength(7)
  })

  it.each([
    ['nonet', 'nonet: there is no preset “nonet”; the presets are proc-resnet, proc-resnet-v1'],
    [
      'resnet:depth=3',
      'resnet:depth=3: resnet has no option “depth”; its options are blocks, block, widths, planes, shortcut, padding, convolutions, depth-alpha, depth-base, input, classes',
    ],
    ['resnet:blocks', '“blocks” is not option=value'],
    ['resnet:blocks=1=2', '“blocks=1=2” is not option=value'],
    ['resnet:blocks=1,blocks=2', 'blocks is given twice; keep one of them'],
    ['resnet-20:blocks=2', 'blocks is given twice; the number in the name says it already'],
    ['resnet:blocks=0', 'blocks=0 is not a whole number from 1 to 10000'],
    ['resnet:blocks=1e3', 'blocks=1e3 is not a whole number'],
    ['resnet:blocks=-1', 'blocks=-1 is not a whole number'],
    ['resnet:blocks=99999999999', 'is not a whole number'],
    ['resnet:widths=16//64', 'is not a whole number'],
    ['resnet:widths=' + new Array(17).fill('8').join('/'), 'a list of at most 16 stages'],
    ['resnet:shortcut=zero', 'shortcut=zero is not projection or padding'],
    ['resnet:input=32x32', 'input=32x32 is not height x width x channels'],
    ['resnet:input=0x1x1', 'input=0 is not a whole number from 1'],
    ['resnet:padding=symmetric,convolutions=orthogonal', 'wrap around the image, and have no padding'],
    ['resnet:classes=1', 'classes=1 is not a whole number from 2'],
    ['', 'there is no preset “”'],
    ['__proto__', 'there is no preset “__proto__”'],
    ['resnet:__proto__=1', 'resnet has no option “__proto__”'],
  ])('%s is refused in one sentence', (words, sentence) => {
    expect(() => networkFromPreset(words)).toThrow(expect.objectContaining({ name: 'UserError', message: expect.stringContaining(sentence) }) as Error) // prettier-ignore
  })
})
