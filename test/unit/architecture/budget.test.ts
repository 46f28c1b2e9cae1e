import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { expand, fits, inspectNetwork } from '../../../shared/architecture'
import { excessOf } from '../../../shared/architecture/budget'
import { checkNetwork } from '../../../shared/architecture/check'
import { documentDifference } from '../../../shared/architecture/difference'
import type { NetworkDocument, NetworkNode } from '../../../shared/architecture/document'

const input = { id: 'input', kind: 'input' }
const tail = [
  { id: 'pool', kind: 'global-average-pool' },
  { id: 'head', kind: 'dense', attributes: { units: 10 } },
  { id: 'loss', kind: 'softmax-cross-entropy' },
]
const network = (...nodes: NetworkNode[]): NetworkDocument => ({
  format: 'normlab/network',
  version: 1,
  name: 'net',
  nodes: [input, ...nodes, ...tail],
})
const relus = (count: number): NetworkNode[] => Array.from({ length: count }, (_, i) => ({ id: `r${i}`, kind: 'relu' }))
const block = (id: string, nodes: NetworkNode[], more: object = {}): NetworkNode => ({ id, kind: 'block', nodes, ...more })
const nested = (depth: number, inner: NetworkNode[], more: object = {}, id = 'b'): NetworkNode[] =>
  depth === 0 ? inner : [block(id, nested(depth - 1, inner, more, id), more)]

const twice = [
  { id: 'a', kind: 'relu' },
  { id: 'c', kind: 'concatenate', inputs: ['$input', 'a'] },
]

describe('a document that comes to more than a network may', () => {
  it.each<[string, NetworkDocument, RegExp, string]>([
    ['layers', network(...nested(20, relus(1), { repeat: 10_000 })), /^net: block “b(\.b){18}”: the network has more than 200000 layers; lower a repeat count/, 'b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b/b'],
    ['opened blocks', network(block('x', nested(90, relus(1)), { repeat: 5000 })), /^net: block “x”: the network has more than 200000 opened blocks/, 'x'],
    ['characters of names', network(block('x', nested(97, relus(1), {}, 'b'.repeat(64)), { repeat: 2000 })), /^net: block “x”: the network has more than 50000000 characters of names/, 'x'],
    ['connections', network(block('x', [{ id: 'a', kind: 'add', inputs: Array.from({ length: 64 }, () => '$input') }, ...relus(1)], { repeat: 10_000 }), block('y', Array.from({ length: 30 }, (_, i) => ({ id: `a${i}`, kind: 'add', inputs: Array.from({ length: 64 }, () => '$input') })), { repeat: 5000 })), /^net: block “y”: the network has more than 2000000 connections/, 'y'],
  ])('(%s) is refused before it is opened, in expansion and check alike', (what, document, sentence, where) => {
    expect(() => expand(document)).toThrow(sentence)
    const { problems, layers } = checkNetwork(document)
    expect(problems.map(({ code }) => code)).toEqual(['too-large'])
    expect(problems[0]!.path).toBe(where)
    expect(excessOf(document)!.what).toBe(what)
    expect(layers).toBe(0)
  }) // prettier-ignore

  it('in one tensor says so at the layer, instead of counting to infinity', () => {
    const document = network(block('g', twice, { repeat: 10_000 }))
    expect(() => expand(document)).toThrow(
      /node “g25.c”, inputs: what leaves it would have .* numbers, and no more than 6\.9e\+10/,
    )
    expect(checkNetwork(document).problems).toMatchObject([{ path: 'g/c', code: 'too-many-numbers' }])
  })
})

describe('a network of 190,000 layers', () => {
  const repeated = network(block('b', relus(19), { repeat: 10_000, unit: 'block' }))
  const written = network(...Array.from({ length: 19 }, (_, i) => block(`b${i}`, relus(10_000))))
  it('is expanded, inspected, checked and compared', () => {
    for (const document of [repeated, written]) {
      expect(inspectNetwork(document).nodes).toBe(190_004)
      expect(checkNetwork(document)).toMatchObject({ layers: 190_004, problems: [] })
    }
    expect(documentDifference(written, network(block('b0', relus(10_000)))).length).toBe(19)
  }, 120_000)
})

describe('a pattern', () => {
  it.each([
    ['*', 'a.b', true],
    ['stage2.*.conv1', 'stage2.block7.conv1', true],
    ['stage2.*.conv1', 'stage2.conv1', false],
    ['*conv*', 'stage2.conv1.kernel', true],
    ['a*a', 'a', false],
    ['a*b*c', 'a.c.b.c', true],
    ['a*b*c', 'a.c.c', false],
    ['a.b', 'axb', false],
    ['*ab', 'aab', true],
    ['*ab*ab', 'ab', false],
  ])('%s fits %s: %s', (pattern, name, expected) => expect(fits(name, pattern)).toBe(expected))

  it('of many stars takes no longer than its length', () => {
    // In a process of its own: were it to go through all ways to share a name out, it would never come back.
    const module = path.resolve(__dirname, '../../../shared/architecture/repairs.ts')
    const text = `import { fits } from ${JSON.stringify(module)}; console.log(fits('a'.repeat(200), 'a*'.repeat(40) + 'b'))`
    const tsx = path.resolve(__dirname, '../../../node_modules/tsx/dist/cli.mjs')
    expect(String(execFileSync(process.execPath, [tsx, '-e', text], { timeout: 60_000 }))).toBe('false\n')
  })
})
