import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  convertTo,
  countParameters,
  expand,
  type Form,
  formOf,
  formsOf,
  FORMS,
  networkFromPreset,
  recommendedRepairs,
} from '../../../shared/architecture'
import type { BlockNode, NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { block, bnRelu, conv, headNodes, inputNode, layer } from '../../../shared/architecture/presets/pieces'

/** All that a network amounts to: layers with their names, kinds, attributes, connections, shapes and parameters, and units. */
function whole(document: NetworkDocument) {
  const network = expand(document)
  return {
    layers: network.layers.map(({ name, op, attributes, inputs, shape, parameters }) => ({
      name,
      kind: op.kind,
      attributes,
      inputs: inputs.map((i) => network.layers[i]!.name),
      shape,
      parameters,
    })),
    units: network.units,
  }
}

/** The same without units, which count a stem in the paper's forms only, and in no certain order. */
const layersOf = (document: NetworkDocument) =>
  [...whole(document).layers].sort((a, b) => (a.name < b.name ? -1 : 1)).map((found) => JSON.stringify(found))

const named = (nodes: NetworkNode[], name = 'drawn'): NetworkDocument => ({ format: 'normlab/network', version: 1, name, nodes })
const drawn = (nodes: NetworkNode[], side = 8): NetworkDocument =>
  named([inputNode([side, side, 3]), ...nodes, layer('pool', 'global-average-pool'), ...headNodes(4)])

/** A post-activation block of 3×3 convolutions. */
const basic = (width: number, stride: number, shortcut: NetworkNode[]): NetworkNode[] => [
  conv('conv1', width, 3, stride, ['$input']),
  ...bnRelu(1),
  conv('conv2', width, 3),
  ...shortcut,
  layer('add', 'add', {}, [shortcut[shortcut.length - 1]?.id ?? '$input', 'conv2']),
]

describe('a conversion', () => {
  it.each([1, 2, 3, 18])('turns the pre-activation network of %i blocks a stage into the paper’s, and that back', (blocks) => {
    const options = `blocks=${blocks},classes=100`
    const presets: Record<Form, NetworkDocument> = {
      learned: networkFromPreset(`preact-resnet:${options}`),
      projected: networkFromPreset(`proc-resnet:${options}`),
      'l2-pooling': networkFromPreset(`proc-resnet-v1:${options}`),
    }
    for (const from of FORMS) {
      expect(formOf(presets[from])).toBe(from)
      for (const to of FORMS) expect(whole(convertTo(presets[from], to)), `${from} → ${to}`).toEqual(whole(presets[to]))
    }
  })

  it('writes blocks as the presets do: one repeated block a stage', () => {
    const converted = convertTo(networkFromPreset('preact-resnet:blocks=18'), 'projected')
    expect(converted.nodes.map(({ id }) => id)).toEqual(['input', 'stem', 'stage1', 'transition1', 'stage2', 'transition2', 'stage3', 'end', 'pool', 'head', 'loss']) // prettier-ignore
    expect(converted.nodes).toEqual(networkFromPreset('proc-resnet:blocks=18').nodes)
    expect(convertTo(networkFromPreset('proc-resnet:blocks=18'), 'learned').nodes).toEqual(networkFromPreset('preact-resnet:blocks=18').nodes) // prettier-ignore
  })

  it.each([
    'resnet-20',
    'resnet:block=bottleneck,blocks=2',
    'resnet:blocks=1,widths=8/16',
    'preact-resnet:block=basic,blocks=2',
    'wide-resnet:blocks=2,factor=2',
    'wide-resnet:blocks=2,factor=3,dropout=0.3',
    'wide-resnet:blocks=2,factor=1',
    'resnext:blocks=2,groups=4,width=8',
    'resnext:blocks=1',
    'se-resnet:blocks=2,ratio=4',
    'se-resnet:blocks=1,block=bottleneck',
    'densenet-bc:blocks=3,growth=6',
    'densenet:blocks=2,growth=4,stages=4',
    'densenet-bc:blocks=3,growth=6,compression=0.3,transitions=projected',
  ])('of %s and back gives its own layers', (words) => {
    const original = networkFromPreset(words)
    const own = formOf(original)!
    for (const form of ['projected', 'l2-pooling', 'learned'] as const) {
      if (form === 'l2-pooling' && words.includes('compression')) continue
      const converted = convertTo(original, form)
      expect(formOf(converted)).toBe(form)
      expect(layersOf(convertTo(converted, own)), `by way of ${form}`).toEqual(layersOf(original))
      expect(convertTo(converted, own).name).toBe(words)
    }
  })

  it.each(['densenet-bc:blocks=3,growth=6', 'densenet:blocks=3,growth=6'])(
    'of %s gives the other transitions of the preset',
    (words) => {
      const presets: Record<Form, NetworkDocument> = {
        learned: networkFromPreset(words),
        projected: networkFromPreset(`${words},transitions=projected`),
        'l2-pooling': networkFromPreset(`${words},transitions=l2`),
      }
      for (const from of FORMS) for (const to of FORMS) expect(whole(convertTo(presets[from], to))).toEqual(whole(presets[to]))
    },
  )

  it.each(['padding', 'pooling'])('to identities forgets a %s shortcut: what comes back is a projection', (shortcut) => {
    const projected = convertTo(networkFromPreset(`resnet:shortcut=${shortcut}`), 'projected')
    expect(layersOf(projected)).toEqual(layersOf(convertTo(networkFromPreset('resnet'), 'projected')))
    expect(layersOf(convertTo(projected, 'learned'))).toEqual(layersOf(networkFromPreset('resnet')))
  })

  it('to the form that a network has gives it back', () => {
    for (const words of ['resnet-20', 'proc-resnet:blocks=1', 'proc-resnet-v1:blocks=2', 'densenet-40-12']) {
      const document = networkFromPreset(words)
      expect(convertTo(document, formOf(document)!)).toEqual(document)
    }
  })

  it('makes all skips identities, and as many parameters as before less the shortcuts’, plus the transitions’', () => {
    const before = networkFromPreset('resnet-20')
    const after = convertTo(before, 'projected')
    expect(countParameters(expand(before))).toBe(272_474)
    // Two 1×1 shortcuts become transitions of the same size without batch norm; two 3×3 convolutions get twice the channels in.
    expect(countParameters(expand(after))).toBe(272_474 - 2 * (32 + 64) + 9 * (16 * 32 + 32 * 64))
    expect(after.name).toBe('resnet-20, projected')
    expect(convertTo(after, 'l2-pooling').name).toBe('resnet-20, L2 pooling')
  })

  it('of a network drawn in one list finds blocks by their connections, and leaves places and names', () => {
    const shortcut = block('skip', [layer('relu', 'relu'), conv('c', 16, 1, 2)], { inputs: ['$input'] })
    const document = drawn([
      conv('stem', 8, 3),
      { ...block('second', basic(16, 2, [shortcut]), { unit: 'block', inputs: ['first'] }), at: [40, 80] },
      { ...block('first', basic(8, 1, []), { unit: 'block', inputs: ['stem'] }), at: [40, 40] },
      layer('end', 'relu', {}, ['second']),
    ])
    const projected = convertTo(document, 'projected')
    expect(projected.nodes.map(({ id, at }) => [id, at])).toEqual([['input', undefined], ['stem', undefined], ['transition1', undefined], ['second', [40, 80]], ['first', [40, 40]], ['end', undefined], ['pool', undefined], ['head', undefined], ['loss', undefined]]) // prettier-ignore
    const { layers } = whole(projected)
    expect(layers.find(({ name }) => name === 'transition1.conv')).toMatchObject({ inputs: ['first.add'], shape: [4, 4, 16] })
    expect(layers.find(({ name }) => name === 'second.add')!.inputs).toEqual(['transition1.conv', 'second.conv2'])
    expect(formOf(convertTo(projected, 'learned'))).toBe('learned')
    expect(projected.name).toBe('drawn')
  })

  it('parts copies of which each shrinks the image', () => {
    const shortcut = block('skip', [conv('c', 8, 1, 2)], { inputs: ['$input'] })
    const document = drawn([conv('stem', 8, 3), block('b', basic(8, 2, [shortcut]), { unit: 'block', repeat: 2 })])
    const projected = convertTo(document, 'projected')
    expect(projected.nodes.slice(1, 6).map(({ id }) => id)).toEqual(['stem', 'transition1', 'b1', 'transition2', 'b2'])
    expect(whole(projected).layers.at(-4)!.shape).toEqual([2, 2, 8])
  })

  it('finds the block behind a transition that ends its stage', () => {
    const document = drawn([
      block('stem', [conv('conv', 8, 3)], { unit: 'stem' }),
      block('first', [
        block('block', basic(8, 1, []), { unit: 'block', repeat: 2 }),
        block('down', [conv('conv', 16, 1, 2)], { unit: 'transition' }),
      ]),
      block('second', [block('block', basic(16, 1, []), { unit: 'block', repeat: 2 })]),
    ])
    const learned = convertTo(document, 'learned')
    expect(learned.nodes[2]).toEqual(block('first', [block('block', basic(8, 1, []), { unit: 'block', repeat: 2 })]))
    expect((learned.nodes[3] as BlockNode).nodes.map(({ id }) => id)).toEqual(['block1', 'block'])
    expect(layersOf(convertTo(document, 'l2-pooling')).length).toBe(layersOf(document).length + 1)
  })

  it('does not change the document that it is given', () => {
    const document = networkFromPreset('resnet-20')
    const before = JSON.stringify(document)
    for (const form of FORMS) convertTo(document, form)
    expect(JSON.stringify(document)).toBe(before)
  })
})

describe('the forms of a network', () => {
  const problems = (document: NetworkDocument) => formsOf(document).possible.map(({ problem }) => problem)

  it('say which it has, and that it can have the others', () => {
    expect(formsOf(networkFromPreset('resnet-20'))).toEqual({
      current: 'learned',
      possible: FORMS.map((form) => ({ form, problem: null })),
    })
  })

  it('say why it can have none', () => {
    for (const problem of problems(networkFromPreset('plain-20'))) expect(problem).toContain('there is no residual block')
    for (const problem of problems(networkFromPreset('densenet:stages=1')))
      expect(problem).toContain('no transition between them')
    const broken = networkFromPreset('resnet:input=4x4x3,widths=8/16/32/64/128')
    ;(broken.nodes[1] as { nodes: NetworkNode[] }).nodes[0]!.kind = 'conv3d'
    expect(problems(broken)[0]).toContain('there is no layer “conv3d”')
  })

  it('say that copies do not make the channels, or that L2 pooling does not fit the grid', () => {
    const l2 = (words: string) => formsOf(networkFromPreset(words)).possible.find(({ form }) => form === 'l2-pooling')!.problem
    expect(l2('resnet:blocks=1,widths=8/12')).toContain('copies of 8 channels do not make 12; use a multiple of 8 channels')
    expect(l2('resnet:blocks=1,input=10x10x3')).toContain('needs a grid that 2 divides, but gets 5×5')
    expect(l2('densenet:blocks=1,input=10x10x3')).toContain('needs a grid that 2 divides, but gets 5×5')
  })

  it('bring the repairs of their presets', () => {
    const of = (words: string) => recommendedRepairs(networkFromPreset(words))
    expect(of('proc-resnet')).toEqual({ projection: 'transitions', whitening: false, nesterov: false, init: 'he-fan-in' })
    expect(of('proc-resnet-v1')).toEqual({ projection: 'none', whitening: true, nesterov: true, init: 'he-fan-out' })
    expect(recommendedRepairs(convertTo(networkFromPreset('resnet-20'), 'projected'))).toEqual(of('proc-resnet'))
    expect(of('densenet-bc:transitions=projected')).toEqual({ ...of('resnet-20'), projection: 'transitions' })
    for (const words of ['resnet-20', 'plain-20', 'densenet-bc:transitions=l2']) expect(of(words).projection).toBe('none')
  })
})

describe('for any residual network', () => {
  const words = fc
    .record({
      preset: fc.constantFrom('resnet:widths=4/8/16', 'resnet:block=bottleneck,planes=2/4/8', 'preact-resnet:planes=2/4', 'preact-resnet:block=basic,widths=4/8/8', 'proc-resnet:planes=2/4', 'proc-resnet-v1:planes=2/4', 'wide-resnet:factor=2'), // prettier-ignore
      blocks: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ preset, blocks }) => `${preset},blocks=${blocks},input=8x8x3`)
  const form = fc.constantFrom(...FORMS)

  /** The same network with all connections said and every list back to front, as hands may leave it. */
  const backToFront = (nodes: NetworkNode[], enters: boolean): NetworkNode[] =>
    nodes
      .map((node, i): NetworkNode => {
        const inputs = node.inputs ?? (i > 0 ? [nodes[i - 1]!.id] : enters ? ['$input'] : [])
        if (node.kind !== 'block' || !('nodes' in node)) return { ...node, inputs }
        const output = node.output ?? node.nodes[node.nodes.length - 1]!.id
        return { ...node, inputs, output, nodes: backToFront(node.nodes, true) }
      })
      .reverse()

  it('a detour by another form leads to the same network', () => {
    fc.assert(
      fc.property(words, form, form, (preset, by, to) => {
        const document = networkFromPreset(preset)
        expect(layersOf(convertTo(convertTo(document, by), to))).toEqual(layersOf(convertTo(document, to)))
      }),
    )
  })

  it('the order of the lists does not matter', () => {
    fc.assert(
      fc.property(words, form, (preset, to) => {
        const document = networkFromPreset(preset)
        const turned = { ...document, nodes: backToFront(document.nodes, false) }
        expect(layersOf(turned)).toEqual(layersOf(document))
        expect(layersOf(convertTo(turned, to))).toEqual(layersOf(convertTo(document, to)))
      }),
    )
  })
})
