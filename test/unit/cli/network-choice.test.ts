import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonErrorOffset } from '../../../shared/json-text'
import { anyNetwork, networkChoice } from '../../../main/cli/network-choice'
import { type Handlers, boundary } from '../../../main/lab/boundary'
import type { Lab } from '../../../shared/api'
import type { LibraryItem } from '../../../shared/library'
import { networkFromPreset } from '../../../shared/architecture/resolve'

let folder: string
beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'normlab-net-'))))
afterAll(() => rmSync(folder, { recursive: true }))

function file(text: string): string {
  const name = path.join(folder, 'net.json')
  writeFileSync(name, text)
  return name
}

describe('NET on the command line', () => {
  it('is a preset’s words, slashes in them or not, or a document’s file', () => {
    expect(networkChoice('proc-resnet:blocks=2,planes=4/8/16')).toBe('proc-resnet:blocks=2,planes=4/8/16')
    const document = networkFromPreset('plain:blocks=1')
    expect(networkChoice(file('\uFEFF' + JSON.stringify(document)))).toEqual(document)
  })

  it('names the file, the line and the column where it is not JSON', () => {
    expect(() => networkChoice(file('{\n  "format": normlab\n}'))).toThrow(
      /net\.json, line 2, column 13: this is not JSON; correct it there$/,
    )
    expect(() => networkChoice(file('{"format":\n'))).toThrow(/net\.json, line 2, column 1: this is not JSON/)
  })

  it('names the file and the field where it is no network', () => {
    const document = { ...networkFromPreset('plain:blocks=1'), name: 3 }
    expect(() => networkChoice(file(JSON.stringify(document)))).toThrow(/net\.json: name: /)
    expect(() => networkChoice(path.join(folder, 'missing.json'))).toThrow(/missing\.json: there is no such file/)
    expect(() => networkChoice(folder)).toThrow(/the file cannot be read: this is a folder; name a file in it/)
  })
})

describe('NET from the library', () => {
  const document = networkFromPreset('plain:blocks=1')
  const block = {
    format: 'normlab/block',
    version: 1,
    name: 'mine',
    node: { id: 'b', kind: 'block', nodes: [{ id: 'relu', kind: 'relu' }] },
  }
  const lab = (): Lab =>
    boundary({ 'library.show': ({ id }) => item(id, id === 3 ? document : block) } as Partial<Handlers> as Handlers)
  const item = (id: number, of: unknown): LibraryItem =>
    ({ ...{ id, name: 'mine', document: of, createdAt: '', changedAt: '', versions: 0, weights: null } }) as LibraryItem

  it('is named by its number', async () => {
    expect(await anyNetwork(lab, 'library:3')).toEqual(document)
    expect(await anyNetwork(lab, 'plain:blocks=1')).toBe('plain:blocks=1')
    await expect(anyNetwork(lab, 'library:4')).rejects.toThrow('library:4: item 4 is a block and no network')
    await expect(anyNetwork(lab, 'library:mine')).rejects.toThrow('"mine" is not a whole number of at least 1')
  })
})

describe('the place of an error in JSON', () => {
  it('is the first character that does not fit', () => {
    for (const [text, offset] of [
      ['[1,]', 3],
      ['{"a" 1}', 5],
      ['[1', 2],
      ['tru', 0],
      ['[01]', 2],
      ['{a}', 1],
      ['1 2', 2],
      ['"a\nb"', 0],
      ['', 0],
    ] as const)
      expect(jsonErrorOffset(text), text).toBe(offset)
  })

  it('is found however deep the lists are', () => expect(jsonErrorOffset('['.repeat(200_000))).toBe(200_000))

  it('is the end for whatever is JSON', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonErrorOffset(text)).toBe(text.length)
      }),
    )
  })
})
