import { describe, expect, it } from 'vitest'
import { boundaries, expand } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'
import { trainingMemory } from '../../../shared/architecture/memory'
import { theoryOf } from '../../../shared/architecture/theory'

const conv = (id: string, more: object = {}): NetworkNode => ({ id, kind: 'conv2d', attributes: { filters: 4 }, ...more })
const residual = (id: string, more: object): NetworkNode =>
  ({
    ...{ id, kind: 'block', ...more },
    nodes: [conv('conv', 'unit' in more ? { unit: 'stem' } : {}), { id: 'sum', kind: 'add', inputs: ['$input', 'conv'] }],
  }) as NetworkNode

/** A stage of blocks that is a unit as a whole, between a stem and a block. @param inner What its blocks and their layers are marked as. */
const network = (inner: { readonly unit?: 'block' | 'transition' }): NetworkDocument => ({
  ...{ format: 'normlab/network', version: 1, name: 'nested' },
  nodes: [
    { id: 'image', kind: 'input', attributes: { height: 8, width: 8, channels: 3 } },
    conv('stem', { unit: 'stem' }),
    {
      ...{ id: 'outer', kind: 'block', unit: 'block', repeat: 2 },
      nodes: [
        residual('a', inner),
        { id: 'stage', kind: 'block', nodes: [residual('b', { ...inner, repeat: 3 })] } as NetworkNode,
      ],
    } as NetworkNode,
    residual('last', { unit: 'block' }),
    { id: 'pool', kind: 'global-average-pool' },
    { id: 'head', kind: 'dense', attributes: { units: 3 } },
    { id: 'loss', kind: 'softmax-cross-entropy' },
  ],
})

describe.each(['block', 'transition'] as const)('units inside units, marked as a %s', (unit) => {
  const [nested, plain] = [network({ unit }), network({})]

  it('are none: units are a chain, and those of the same network without the marks', () => {
    const { units } = expand(nested)
    expect(units.map(({ name }) => name)).toEqual(['stem', 'outer1', 'outer2', 'last'])
    for (const [i, { input }] of units.entries()) if (i > 0) expect(input).toBe(units[i - 1]!.output)
    expect(units).toEqual(expand(plain).units)
    expect(boundaries(expand(nested))).toEqual(boundaries(expand(plain)))
  })

  it.each([0, 1, 2])('change no memory where %i units are computed again at once', (recompute) => {
    expect(trainingMemory(expand(nested), recompute)).toEqual(trainingMemory(expand(plain), recompute))
  })

  it('are counted by the check and by theory as a run counts them', () => {
    const blocks = expand(nested).units.filter(({ kind }) => kind === 'block').length
    const { problems, units, blocks: checked } = checkNetwork(nested)
    expect(problems).toEqual([])
    expect([checked, theoryOf(nested).blocks]).toEqual([blocks, blocks])
    expect(units).toEqual(checkNetwork(plain).units)
    const { units: claimed, transitions } = theoryOf(nested)
    expect([claimed, transitions]).toEqual([theoryOf(plain).units, theoryOf(plain).transitions])
  })
})
