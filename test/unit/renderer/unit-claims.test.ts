import { describe, expect, it } from 'vitest'
import { boundWords, shapeChanges, unitClaims } from '../../../renderer/designer/panels/unit-claims'
import { networkFromPreset, theoryOf } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'
import type { NetworkDocument } from '../../../shared/architecture/document'

function of(network: string | NetworkDocument) {
  const document = typeof network === 'string' ? networkFromPreset(network) : network
  const [theory, check] = [theoryOf(document), checkNetwork(document)]
  const claims = unitClaims(theory, check)
  return { ...boundWords(claims, check.blocks), changes: shapeChanges(claims, theory, check) }
}
const changing = (words: string) => of(words).changes.map(({ path }) => path)

describe('the theorem’s bound', () => {
  it.each([
    ['resnet-20', '7 of 9 blocks have an identity skip'],
    ['proc-resnet-166', 'All 54 blocks have an identity skip'],
    ['densenet-bc-100-12', 'The theorem does not apply: none of the 48 blocks has an identity skip.'],
    ['se-resnet-20', 'The theorem does not apply: none of the 9 blocks has an identity skip and no gate.'],
    ['plain-8', 'The theorem does not apply: none of the 3 blocks has an identity skip.'],
    ['resnet:blocks=2,widths=8/16', '3 of 4 blocks have an identity skip'],
    ['resnet:blocks=1,widths=8/16', '1 of 2 blocks has an identity skip'],
    ['resnet:blocks=1,widths=8', 'The block has an identity skip'],
  ])('of %s is for the blocks with an identity skip', (words, who) => expect(of(words).who).toBe(who))

  it('says its L, and where an activation stands between the sum and the measure', () => {
    expect(of('proc-resnet-166').notes).toEqual(['L is 54 blocks, as a run counts them. The theorem says that there is a c, not which.']) // prettier-ignore
    expect(of('resnet-20').notes[1]).toBe('In all of these an activation follows the sum, and the ratio is measured behind it, which the theorem is not about.') // prettier-ignore
    expect(of('plain-8')).toMatchObject({ isBounded: false, notes: ['The curve is for blocks that have one.'] })
  })

  it('is not for a block that changes the shape behind its sum', () => {
    const document: NetworkDocument = {
      ...{ format: 'normlab/network', version: 1, name: 'n' },
      nodes: [
        { id: 'input', kind: 'input', attributes: { height: 8, width: 8, channels: 4 } },
        {
          ...{ id: 'block', kind: 'block', unit: 'block' },
          nodes: [
            { id: 'conv', kind: 'conv2d', inputs: ['$input'], attributes: { filters: 4 } },
            { id: 'add', kind: 'add', inputs: ['$input', 'conv'] },
            { id: 'pool', kind: 'average-pool' },
          ],
        },
        { id: 'head', kind: 'dense', attributes: { units: 3 } },
        { id: 'loss', kind: 'softmax-cross-entropy' },
      ],
    }
    expect(of(document).who).toBe('The theorem does not apply: no block has an identity skip and keeps the shape.')
    expect(of(document).changes[0]!.why).toMatch(/^No bound: the shape changes behind its sum/)
  })
})

describe('where the shape changes', () => {
  it('is every unit that changes it, whatever its kind', () => {
    expect(changing('plain-8')).toEqual(['stage2/block1', 'stage3/block1'])
    expect(changing('resnet-20')).toEqual(['stage2/block1', 'stage3/block1'])
    expect(changing('proc-resnet:blocks=2')).toEqual(['stem', 'transition1', 'transition2'])
    expect(changing('densenet:blocks=2,stages=2')).toEqual(['stage1/block', 'transition1', 'stage2/block'])
  })

  it('is told with the claim that fits', () => {
    expect(of('plain-8').changes[0]!.why).toMatch(/^No bound: nothing goes past its layers/)
    expect(of('resnet-20').changes[0]!.why).toMatch(/^No bound: the shortcut is learned/)
  })

  it('keeps a transition of which the shapes are not known', () => {
    const document = networkFromPreset('proc-resnet:blocks=2')
    document.nodes[0]!.kind = 'unknown'
    expect(of(document).changes.map(({ path }) => path)).toEqual(['transition1', 'transition2'])
  })
})
