import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkFromPreset } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { setAttribute } from '../../../renderer/designer/edit'
import { fixesFor } from '../../../renderer/designer/state/fixes'
import { blockDocument, spoiled } from '../support/block-document'

const input = { id: 'input', kind: 'input', attributes: { height: 8, width: 8, channels: 3 } }
const head = { id: 'head', kind: 'dense', attributes: { units: 4 } }
const loss = { id: 'loss', kind: 'softmax-cross-entropy' }
const network = (nodes: unknown[]): NetworkDocument => ({
  format: 'normlab/network',
  version: 1,
  name: 'net',
  nodes: nodes as NetworkNode[],
})

/** @param message What the problems say; the ways out do not come from it. */
const labels = (document: NetworkDocument, message?: string): string[] => {
  const check = checkNetwork(document)
  return check.problems.flatMap((problem) =>
    fixesFor({ ...problem, message: message ?? problem.message }, document, check).map(({ label }) => label),
  )
}
/** Presses the first way out until there is none. */
function mended(document: NetworkDocument): NetworkDocument {
  for (let presses = 0; presses < 20; presses++) {
    const check = checkNetwork(document)
    const fix = check.problems.flatMap((problem) => fixesFor(problem, document, check))[0]
    if (!fix) return document
    document = fix.edit(document).document
  }
  return document
}

describe('a way out', () => {
  it.each<[string, unknown[], string[]]>([
    ['an input that is missing', [head, loss], ['Add an input of 32×32×3']],
    ['an end that is missing', [input, { id: 'c', kind: 'relu' }], ['End it with a dense layer and the loss', 'Remove “c”']],
    ['two inputs', [input, { ...input, id: 'other', inputs: [] }, head, loss], ['Remove “input”', 'Remove “other”']],
    ['a layer that there is not', [input, { id: 'c', kind: 'conv3d', attributes: { filters: 2 } }, head, loss], ['Make it Convolution', 'Make it Depthwise convolution', 'Remove “c”']],
    ['a loose end', [input, { id: 'a', kind: 'relu' }, { ...head, inputs: ['input'] }, loss], ['Remove “a”']],
    ['a node that waits', [input, { id: 'a', kind: 'relu' }, { ...head, inputs: [] }, loss], ['Connect it to “head”', 'Remove “a”', 'Connect “a” to it']],
    ['logits that are an image', [input, loss], ['Put a dense layer before it']],
    ['a value out of its range', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 0 } }, head, loss], ['Set filters to 16']],
    ['an attribute that there is not', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 2, skew: 2 } }, head, loss], ['Remove “skew”']],
    ['a pooling that does not divide', [input, { id: 'p', kind: 'l2-pool', attributes: { size: 3 } }, head, loss], ['Set size to 2']],
    ['a stride larger than its image', [{ ...input, attributes: { height: 2, width: 2, channels: 4 } }, { id: 'c', kind: 'orthogonal-conv2d', attributes: { filters: 4, stride: 3 } }, head, loss], ['Set stride to 2']],
    ['a window larger than its image', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 2, size: 9, padding: 'valid' } }, head, loss], ['Use same padding', 'Set size to 8']],
    ['groups that do not divide', [input, { id: 'c', kind: 'conv2d', attributes: { filters: 6, groups: 2 } }, head, loss], ['Set groups to 1']],
    ['a circle', [input, { id: 'a', kind: 'add', inputs: ['input', 'b'] }, { id: 'b', kind: 'relu', inputs: ['a'] }, { ...head, inputs: ['b'] }, loss], ['Disconnect it from “a”']],
    ['a name that is taken', [input, { id: 'a', kind: 'relu' }, { id: 'a', kind: 'relu' }, head, loss], ['Rename it to “ax”']],
  ])('of %s is offered, and mends it', (_, nodes, wanted) => {
    const document = network(nodes)
    expect(labels(document)).toEqual(wanted)
    expect(labels(document, '')).toEqual(wanted)
    expect(checkNetwork(mended(document)).problems).toEqual([])
  }) // prettier-ignore

  it('of a skip that does not fit is a transition, a shortcut, padding, other filters or no stride', () => {
    const resnet = networkFromPreset('resnet-20')
    const broken = setAttribute(resnet, ['stage2/block1/conv1'], 'stride', undefined).document
    expect(labels(broken)).toEqual([
      'Insert a 1×1 convolution on the skip (32 channels)',
      'Insert a padding shortcut (no parameters)',
      'Match channels: give “conv” 32 filters',
      'Match stride: set “conv” to stride 1',
    ].slice(0, labels(broken).length)) // prettier-ignore
    const nodes = [
      input,
      { id: 'block', kind: 'block', unit: 'block', nodes: [
        { id: 'conv1', kind: 'conv2d', attributes: { filters: 6, stride: 2 } },
        { id: 'conv2', kind: 'conv2d', attributes: { filters: 6 } },
        { id: 'add', kind: 'add', inputs: ['$input', 'conv2'] },
      ] },
      head,
      loss,
    ] // prettier-ignore
    const document = network(nodes)
    const check = checkNetwork(document)
    const fixes = fixesFor(check.problems[0]!, document, check)
    expect(fixes.map(({ label }) => label)).toEqual([
      'Insert a transition before the block (norm-preserving when projected)',
      'Insert a 1×1 convolution on the skip (stride 2, 6 channels)',
      'Insert a padding shortcut (no parameters)',
      'Match channels: give “conv2” 3 filters',
      'Match stride: set “conv1” to stride 1',
    ])
    for (const fix of fixes.slice(0, 3)) expect(checkNetwork(fix.edit(document).document).problems).toEqual([])
    expect(fixes[0]!.edit(document).document.nodes[1]).toMatchObject({ id: 'transition1', unit: 'transition' })
  })

  it('never fails, and takes its problem away or changes it, whatever is broken', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (seed, fault) => {
        const document = spoiled(blockDocument(seed), fault)
        const check = checkNetwork(document)
        // Where two nodes have one name, that is to be mended first: nothing else can tell them apart.
        const twins = check.problems.filter(({ message }) => message.startsWith('two nodes'))
        for (const problem of twins.length > 0 ? twins : check.problems)
          for (const fix of fixesFor(problem, document, check)) {
            const { problems } = checkNetwork(fix.edit(document).document)
            expect(problems).not.toContainEqual(problem)
          }
      }),
      { numRuns: 300 },
    ))
})
