import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  deleteItems,
  itemVersions,
  keepVersion,
  libraryItem,
  libraryItems,
  purgeLibrary,
  renameItem,
  restoreItems,
  saveItem,
  setItemWeights,
} from '../../../main/store/library'
import { Store } from '../../../main/store/store'
import { itemWeightsFile, sweepWeights, weightsFolder } from '../../../main/store/weight-files'
import { networkFromPreset } from '../../../shared/architecture'
import { BlockDocument, type LibraryItem } from '../../../shared/library'

const DAY_MS = 24 * 60 * 60 * 1000
const network = networkFromPreset('plain:blocks=1')
const block: BlockDocument = {
  ...{ format: 'normlab/block', version: 1, name: 'mine' },
  node: { id: 'block', kind: 'block', repeat: 2, nodes: [{ id: 'relu', kind: 'relu' }] },
}

let home: string
let store: Store
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'normlab-library-'))
  store = new Store(home)
})
afterEach(() => {
  store.close()
  rmSync(home, { recursive: true })
})
const list = (): LibraryItem[] => libraryItems(store, () => undefined)
/** As if it had changed at another time. */
const backdate = (id: number, column: 'changed_at' | 'deleted_at', days: number): unknown =>
  store.change(`UPDATE library SET ${column} = ? WHERE id = ?`, [new Date(Date.now() - days * DAY_MS).toISOString(), id])

describe('the library', () => {
  it('gives back networks and blocks as they were saved, newest change first, also after it was closed and opened', () => {
    const first = saveItem(store, { document: network })
    backdate(first.id, 'changed_at', 1)
    const second = saveItem(store, { document: block })
    expect([first.document, second.document]).toEqual([network, block])
    store.close()
    store = new Store(home)
    expect(list().map(({ id, name }) => [id, name])).toEqual([
      [second.id, 'mine'],
      [first.id, 'plain:blocks=1'],
    ])
  })

  it('names the document with the item and the item with the document', () => {
    const { id } = saveItem(store, { document: network })
    expect(renameItem(store, id, ' deeper ').document.name).toBe('deeper')
    expect(saveItem(store, { id, document: { ...network, name: 'wider' } }).name).toBe('wider')
    expect(() => saveItem(store, { document: { ...network, name: '  ' } })).toThrow('the name is empty')
  })

  it('keeps the time of change of a document that is as it was', () => {
    const { id } = saveItem(store, { document: network })
    backdate(id, 'changed_at', 3)
    const before = libraryItem(store, id).changedAt
    expect(saveItem(store, { id, document: JSON.parse(JSON.stringify(network)) as typeof network }).changedAt).toBe(before)
    expect(saveItem(store, { id, document: { ...network, name: 'other' } }).changedAt > before).toBe(true)
  })

  it('keeps versions when asked, newest first, and counts them; saving leaves them alone', () => {
    const { id } = saveItem(store, { document: network })
    keepVersion(store, id, 'shallow')
    saveItem(store, { id, document: { ...network, name: 'second' } })
    keepVersion(store, id, '')
    expect(itemVersions(store, id).map(({ note, document }) => [note, document.name])).toEqual([
      ['', 'second'],
      ['shallow', network.name],
    ])
    expect(libraryItem(store, id).versions).toBe(2)
  })

  it('lets no network become a block', () => {
    const { id } = saveItem(store, { document: network })
    expect(() => saveItem(store, { id, document: block })).toThrow(/is a network and cannot become a block/)
  })

  it('brings deleted items back for thirty days, with their versions', () => {
    const [a, b] = [saveItem(store, { document: network }).id, saveItem(store, { document: block }).id]
    keepVersion(store, a, 'kept')
    deleteItems(store, [a, b])
    expect(list()).toEqual([])
    expect(() => libraryItem(store, a)).toThrow(`item ${a} of the library was deleted; restore it first`)
    backdate(a, 'deleted_at', 29)
    backdate(b, 'deleted_at', 31)
    purgeLibrary(store)
    expect(restoreItems(store, [a])).toMatchObject([{ id: a, versions: 1 }])
    expect(() => restoreItems(store, [b])).toThrow(`there is no item ${b} in the library`)
  })

  it('deletes all of the items or none', () => {
    const { id } = saveItem(store, { document: network })
    expect(() => deleteItems(store, [id, 99])).toThrow('there is no item 99')
    expect(list()).toHaveLength(1)
  })

  it('leaves a document that it cannot read out of the list, says so, and keeps it', () => {
    const { id } = saveItem(store, { document: network })
    saveItem(store, { document: block })
    for (const broken of ['{"format":"normlab/network","version":99}', '{']) {
      store.change('UPDATE library SET document = ? WHERE id = ?', [broken, id])
      const told: string[] = []
      expect(libraryItems(store, (why) => told.push(why)).map(({ name }) => name)).toEqual(['mine'])
      expect(told).toEqual([expect.stringContaining(`item ${id} of the library`)])
      expect(() => libraryItem(store, id)).toThrow('its document cannot be read')
    }
    expect(saveItem(store, { id, document: network }).document).toEqual(network)
  })

  it('keeps whatever is saved, in whatever order, under its name', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.string({ minLength: 1, maxLength: 20 })), { maxLength: 20 }), (saves) => {
        const model = new Map<number, string>()
        const ids: number[] = []
        for (const [which, name] of saves.filter(([, name]) => name.trim() !== '')) {
          const id = ids[which]
          const saved = saveItem(store, { ...(id !== undefined && { id }), document: { ...network, name } })
          if (id === undefined) ids.push(saved.id)
          model.set(saved.id, name.trim())
        }
        const found = new Map(list().map(({ id, name }) => [id, name]))
        expect([...model].map(([id]) => [id, found.get(id)])).toEqual([...model])
      }),
      { numRuns: 30 },
    )
  })
})

describe('the files of weights', () => {
  it('go with the item that they belong to, at the next opening', () => {
    weightsFolder(home)
    const { id } = saveItem(store, { document: network })
    const hash = 'a'.repeat(64)
    const file = itemWeightsFile(home, id, hash)
    writeFileSync(file, '')
    utimesSync(file, 1e9, 1e9)
    setItemWeights(store, id, { name: 'w.safetensors', bytes: 0, hash, at: new Date().toISOString() })
    deleteItems(store, [id])
    sweepWeights(store)
    expect(existsSync(file)).toBe(true)
    backdate(id, 'deleted_at', 31)
    purgeLibrary(store)
    sweepWeights(store)
    expect(existsSync(file)).toBe(false)
  })
})

describe('a block’s document', () => {
  it('must hold a block, and none that is nested beyond what a network may', () => {
    expect(BlockDocument.safeParse({ ...block, node: { id: 'relu', kind: 'relu' } }).error?.issues[0]?.message).toBe(
      'must be a block',
    )
    let node: unknown = { id: 'relu', kind: 'relu' }
    for (let depth = 0; depth < 20_000; depth++) node = { id: 'block', kind: 'block', nodes: [node] }
    expect(BlockDocument.safeParse({ ...block, node }).error?.issues[0]?.message).toContain('more than 100 deep')
  })
})
