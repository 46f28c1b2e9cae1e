import { describe, expect, it } from 'vitest'
import { expand, networkFromDocument } from '../../../shared/architecture'
import { LabApi } from '../../../shared/api'
import { isUserError } from '../../../shared/errors'

const input = { id: 'input', kind: 'input', attributes: { height: 8, width: 8, channels: 3 } }
const head = { id: 'head', kind: 'dense', attributes: { units: 4 } }
const loss = { id: 'loss', kind: 'softmax-cross-entropy' }

const document = (nodes: unknown, more: object = {}): unknown => ({
  format: 'normlab/network',
  version: 1,
  name: 'net',
  nodes,
  ...more,
})
const openAll = (candidate: unknown) => expand(networkFromDocument(candidate, 'net.json'))

/** The message of the one UserError that it must be. */
function refusal(candidate: unknown): string {
  try {
    openAll(candidate)
  } catch (error) {
    if (!isUserError(error)) throw error
    expect(error.message).not.toContain('\n')
    return error.message
  }
  throw new Error('it was not refused')
}

describe('a document', () => {
  it('is opened: blocks, repeats, inputs by name and by order', () => {
    const { layers, units } = openAll(
      document([
        input,
        {
          id: 'stage',
          kind: 'block',
          nodes: [
            {
              id: 'block',
              kind: 'block',
              unit: 'block',
              repeat: 3,
              first: 5,
              output: 'sum',
              nodes: [
                { id: 'sum', kind: 'add', inputs: ['$input', 'conv'] },
                { id: 'conv', kind: 'conv2d', attributes: { filters: 3 }, inputs: ['$input'] },
              ],
            },
          ],
        },
        head,
        loss,
      ]),
    )
    expect(layers.map(({ name }) => name)).toEqual([
      'input',
      'stage.block5.conv',
      'stage.block5.sum',
      'stage.block6.conv',
      'stage.block6.sum',
      'stage.block7.conv',
      'stage.block7.sum',
      'head',
      'loss',
    ])
    expect(units.map(({ name, input: from, output }) => [name, layers[from]!.name, layers[output]!.name])).toEqual([
      ['stage.block5', 'input', 'stage.block5.sum'],
      ['stage.block6', 'stage.block5.sum', 'stage.block6.sum'],
      ['stage.block7', 'stage.block6.sum', 'stage.block7.sum'],
    ])
  })

  it('hands every input of a repeated block on, the first from copy to copy', () => {
    const inside = [{ id: 'sum', kind: 'add', inputs: ['$input0', '$input1'] }]
    const { layers } = openAll(
      document([input, { id: 'a', kind: 'relu' }, { id: 'block', kind: 'block', repeat: 2, inputs: ['a', 'input'], nodes: inside }, head, loss]), // prettier-ignore
    )
    const byName = new Map(layers.map((layer, i) => [layer.name, i]))
    expect(layers[byName.get('block2.sum')!]!.inputs).toEqual([byName.get('block1.sum'), byName.get('input')])
  })

  it.each<[string, unknown, string]>([
    ['an unknown kind', [input, { id: 'x', kind: 'conv3d' }, head, loss], 'net: node “x”, kind: there is no layer “conv3d”; the kinds are input, conv2d'],
    ['a cycle', [input, { id: 'a', kind: 'add', inputs: ['input', 'b'] }, { id: 'b', kind: 'relu', inputs: ['a'] }, head, loss], 'node “b”, inputs: it feeds itself through “a”; remove one of the connections'],
    ['a layer that feeds itself', [input, { id: 'a', kind: 'relu', inputs: ['a'] }, head, loss], 'node “a”, inputs: it feeds itself'],
    ['a missing input', [input, { id: 'a', kind: 'relu', inputs: ['nobody'] }, head, loss], 'node “a”, inputs: there is no node “nobody” in the same block'],
    ['an input from outside of everything', [input, { id: 'a', kind: 'relu', inputs: ['$input'] }, head, loss], '“$input” does not enter this block'],
    ['shapes that do not add', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 5 } }, { id: 'a', kind: 'add', inputs: ['c', 'input'] }, head, loss], 'node “a”, inputs: cannot add 8×8×5 and 8×8×3; give both the same height, width and channels'],
    ['a wrong attribute', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 0 } }, head, loss], 'net: node “c”, filters: must be at least 1'],
    ['an attribute that there is not', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 2, skew: 2 } }, head, loss], 'node “c”, skew: Convolution has no attribute “skew”'],
    ['an attribute with a slip', [input, { id: 'c', kind: 'conv2d', attributes: { fliters: 2 } }, head, loss], 'node “c”, fliters: Convolution has no attribute “fliters”; perhaps filters'],
    ['a node’s field with a slip', [input, { id: 'c', kind: 'relu', inpust: ['input'] }, head, loss], 'node “c”: there is no field “inpust”; perhaps “inputs”'],
    ['a missing attribute', [input, { id: 'c', kind: 'conv2d' }, head, loss], 'node “c”, filters: is not set'],
    ['an attribute that is a huge number', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 1e300 } }, head, loss], 'node “c”, filters: '],
    ['too few inputs', [input, { id: 'a', kind: 'add' }, head, loss], 'node “a”, inputs: Add takes 2 to 64 inputs but gets 1'],
    ['two of one name', [input, { id: 'a', kind: 'relu' }, { id: 'a', kind: 'relu' }, head, loss], 'node “a”, id: two nodes of one block have this name; rename one of them'],
    ['a copy that meets another’s name', [input, { id: 'a1', kind: 'relu' }, { id: 'a', kind: 'block', repeat: 2, nodes: [{ id: 'r', kind: 'relu' }] }, head, loss], 'node “a1”, id: two layers or blocks get this name'],
    ['a repeat that is too large', [input, { id: 'a', kind: 'block', repeat: 10_001, nodes: [{ id: 'r', kind: 'relu' }] }, head, loss], 'node “a”, repeat: must be at most 10000'],
    ['an output that there is not', [input, { id: 'a', kind: 'block', output: 'x', nodes: [{ id: 'r', kind: 'relu' }] }, head, loss], 'node “a”, output: there is no node “x” in the block'],
    ['a loose end', [input, { id: 'a', kind: 'relu' }, { ...head, inputs: ['input'] }, loss], 'node “a”, output: nothing takes what leaves it; connect it or remove it'],
    ['two inputs', [input, { ...input, id: 'other', inputs: [] }, head, loss], 'net: a network needs one “input” node but this one has 2'],
    ['no loss', [input, head], 'net: a network needs one “softmax-cross-entropy” node but this one has 0'],
    ['a window larger than its image', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 2, size: 9, padding: 'valid' } }, head, loss], 'node “c”, size: 9 is larger than the 8 pixels it slides over; use 8 or less, or same padding'],
    ['a pooling that does not divide', [input, { id: 'p', kind: 'l2-pool', attributes: { size: 3 } }, head, loss], 'node “p”, size: 3 does not divide 8×8'],
    ['a convolution of a vector', [input, head, { id: 'c', kind: 'conv2d', attributes: { filters: 2 } }, loss], 'node “c”, inputs: needs an image (height × width × channels) but gets a vector of 4'],
    ['logits that are an image', [input, loss], 'node “loss”, inputs: needs one logit a class but gets 8×8×3; put a dense layer before it'],
    ['a block inside that does not fit', [input, { id: 's', kind: 'block', repeat: 2, nodes: [{ id: 'p', kind: 'l2-pool', attributes: { size: 4 } }] }, head, loss], 'node “s2.p”, size: 4 does not divide 2×2'],
  ])('with %s says so, and where', (_, nodes, sentence) => expect(refusal(document(nodes))).toContain(sentence)) // prettier-ignore

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'net.json: this is not a network document; one begins with "format": "normlab/network"'],
    ['a list', [], 'this is not a network document'],
    ['another format', { format: 'onnx' }, 'this is not a network document'],
    ['the future', document([input], { version: 2 }), 'net.json: version 2 is from a newer NormLab; this one reads up to 1; update NormLab, or save the document for this version'],
    ['no version', document([input], { version: undefined }), 'net.json: version: must be 1'],
    ['a field that there is not', document([input, head, loss], { author: 'x' }), 'net.json: document: there is no field “author”'],
    ['no nodes', document([]), 'net.json: nodes: must have at least 1 entry'],
    ['nodes that are no list', document('all'), 'net.json: nodes: must be a list, not a string'],
    ['a node that is no object', document([input, 7]), 'net.json: entry 2'],
    ['a node without a name', document([input, { kind: 'relu' }]), 'net.json: entry 2'],
    ['a node with a path for a name', document([input, { id: '../../etc', kind: 'relu' }]), 'node “../../etc”, id: must be letters'],
    ['__proto__ for a name', document([input, { id: '__proto__', kind: 'relu' }]), 'must be letters'],
    ['a bad field deep inside', document([input, { id: 's', kind: 'block', nodes: [{ id: 'b', kind: 'block', nodes: [{ id: 'c', kind: 'relu', unit: 'room' }] }] }]), 'net.json: node “s”, node “b”, node “c”, unit'],
    ['a repeat of infinity', document([input, { id: 's', kind: 'block', repeat: Infinity, nodes: [{ id: 'c', kind: 'relu' }] }]), 'node “s”, repeat'],
  ])('that is %s is refused in one sentence', (_, candidate, sentence) => expect(refusal(candidate)).toContain(sentence)) // prettier-ignore

  it('may call its nodes like members of objects', () => {
    const odd = { id: 'constructor', kind: 'relu' }
    expect(
      openAll(document([input, odd, { id: 'toString', kind: 'relu', inputs: ['constructor'] }, head, loss])).layers,
    ).toHaveLength(5)
    expect(refusal(document([input, { id: 'x', kind: 'relu', inputs: ['hasOwnProperty'] }, head, loss]))).toContain('no node “hasOwnProperty”') // prettier-ignore
    expect(refusal(document([input, { id: 'x', kind: 'constructor' }, head, loss]))).toContain('no layer “constructor”')
  })
})

describe('a hostile document', () => {
  /** Blocks within blocks. */
  const nested = (depth: number): unknown => {
    let node: unknown = { id: 'r', kind: 'relu' }
    for (let i = 0; i < depth; i++) node = { id: 'b', kind: 'block', nodes: [node] }
    return node
  }

  it('of ten thousand nested blocks is refused', () => {
    expect(refusal(document([input, nested(10_000), head, loss]))).toBe(
      'net.json: document: blocks lie in one another more than 100 deep; ungroup some of them',
    )
  })

  it('of ten thousand nested blocks is refused by every request that takes one', () => {
    expect(LabApi['networks.inspect'].input.safeParse({ network: document([input, nested(10_000), head, loss]) }).success).toBe(
      false,
    )
  })

  it('of a sensible depth is not', () => {
    expect(openAll(document([input, nested(20), head, loss])).layers).toHaveLength(4)
  })

  it('of repeats that multiply is refused before they are written out', () => {
    let node: unknown = { id: 'r', kind: 'relu' }
    for (let i = 0; i < 6; i++) node = { id: `b${'x'.repeat(i)}`, kind: 'block', repeat: 10_000, nodes: [node] }
    expect(refusal(document([input, node, head, loss]))).toContain(
      'the network has more than 200000 layers; lower a repeat count',
    )
  })

  it('of ten thousand nodes in the wrong order is opened', () => {
    const count = 9_996
    const chain = Array.from({ length: count }, (_, i) => ({ id: `n${i}`, kind: 'relu', inputs: [i === count - 1 ? 'input' : `n${i + 1}`] })) // prettier-ignore
    expect(openAll(document([input, ...chain, { ...head, inputs: ['n0'] }, loss])).layers).toHaveLength(count + 3)
  })

  it('of sizes beyond all numbers is refused', () => {
    const dense = (id: string, units: number) => ({ id, kind: 'dense', attributes: { units } })
    expect(refusal(document([{ ...input, attributes: { height: 1e9 } }, head, loss]))).toContain('height')
    expect(refusal(document([input, dense('a', Number.MAX_VALUE), head, loss]))).toContain('units')
  })
})
