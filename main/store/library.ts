import { isDeepStrictEqual } from 'node:util'
import { ItemVersion, ItemWeights, LibraryItem } from '../../shared/library'
import { UserError } from '../../shared/errors'
import type { Store } from './store'
import { type TextRow, readJson, textRows } from './text-rows'

/** The user's own networks and blocks, their kept versions, and which weights belong to them. */

type Document = LibraryItem['document']

/** Items that were deleted longer ago than this are gone for good, milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000

const COLUMNS = {
  ...{ id: 'id', name: 'name', document: 'document', createdAt: 'created_at', changedAt: 'changed_at', deletedAt: 'deleted_at' },
  ...{ weights: 'weights', versions: '(SELECT count(*) FROM library_versions WHERE item = library.id)' },
}
type Row = TextRow<keyof typeof COLUMNS>

/**
 * The items that are not deleted, newest change first.
 *
 * @param skipped Hears of an item whose document does not parse: it is left out, so that it costs no other its place.
 */
export function libraryItems(store: Store, skipped: (why: string) => void): LibraryItem[] {
  const rows = textRows(store, COLUMNS, 'FROM library WHERE deleted_at IS NULL ORDER BY changed_at DESC, id DESC')
  return rows.flatMap((row) => {
    const item = parse(row)
    if (!item) skipped(`item ${String(row.id)} of the library, "${String(row.name)}", cannot be read and is left out of the list`)
    return item ?? []
  })
}

/** @throws UserError where there is none of this number, it is deleted, or its document does not parse. */
export function libraryItem(store: Store, id: number): LibraryItem {
  const item = parse(presentRow(store, id))
  if (item) return item
  throw new UserError('its document cannot be read', {
    place: `item ${id} of the library`,
    remedy: 'open the data folder with the NormLab that saved it',
  })
}

/**
 * A new item, or a new state of an old one. Its name is the document's. One that is as it was keeps its time of change.
 *
 * @throws UserError where the item is gone, is of the other kind, or the name is empty.
 */
export function saveItem(store: Store, { id, document }: { id?: number | undefined; document: Document }): LibraryItem {
  const named = withName(document, document.name)
  return store.transaction(() => {
    const now = new Date().toISOString()
    if (id === undefined) {
      const values = [named.name, JSON.stringify(named), now, now]
      return libraryItem(store, store.change('INSERT INTO library (name, document, created_at, changed_at) VALUES (?, ?, ?, ?)', values)) // prettier-ignore
    }
    const stored = readJson(presentRow(store, id).document) as Document | undefined
    if (stored && stored.format !== named.format)
      throw new UserError(`item ${id} of the library is a ${kindOf(stored)} and cannot become a ${kindOf(named)}`, {
        remedy: 'save it as a new one',
      })
    if (!isDeepStrictEqual(stored, plain(named)))
      store.change('UPDATE library SET name = ?, document = ?, changed_at = ? WHERE id = ?', [named.name, JSON.stringify(named), now, id]) // prettier-ignore
    return libraryItem(store, id)
  })
}

/** Gives the item, and its document, another name. */
export function renameItem(store: Store, id: number, name: string): LibraryItem {
  return saveItem(store, { id, document: withName(libraryItem(store, id).document, name) })
}

/** Takes items out of the list, all or none. @throws UserError where one is not there. */
export function deleteItems(store: Store, ids: readonly number[]): void {
  store.transaction(() => {
    for (const id of ids) {
      presentRow(store, id)
      store.change('UPDATE library SET deleted_at = ? WHERE id = ?', [new Date().toISOString(), id])
    }
  })
}

/** Brings deleted items back, all or none. @throws UserError where one is gone for good. */
export function restoreItems(store: Store, ids: readonly number[]): LibraryItem[] {
  return store.transaction(() =>
    ids.map((id) => {
      row(store, id)
      store.change('UPDATE library SET deleted_at = NULL WHERE id = ?', [id])
      return libraryItem(store, id)
    }),
  )
}

/** Ends what was deleted long ago. */
export function purgeLibrary(store: Store, now = Date.now()): void {
  store.change('DELETE FROM library WHERE deleted_at < ?', [new Date(now - KEPT_MS).toISOString()])
}

/** Keeps the item as it is now. @returns all its versions, newest first. */
export function keepVersion(store: Store, id: number, note: string): ItemVersion[] {
  return store.transaction(() => {
    const { document } = presentRow(store, id)
    const values = [id, new Date().toISOString(), note, document]
    store.change('INSERT INTO library_versions (item, at, note, document) VALUES (?, ?, ?, ?)', values)
    return itemVersions(store, id)
  })
}

/** Newest first; one whose document does not parse is left out. */
export function itemVersions(store: Store, id: number): ItemVersion[] {
  presentRow(store, id)
  const columns = { id: 'id', item: 'item', at: 'at', note: 'note', document: 'document' }
  const rows = textRows(store, columns, 'FROM library_versions WHERE item = ? ORDER BY id DESC', [id])
  return rows.flatMap((version) => ItemVersion.safeParse({ ...version, document: readJson(version.document) }).data ?? [])
}

/** Says which weights belong to an item; null for none. */
export function setItemWeights(store: Store, id: number, weights: ItemWeights | null): LibraryItem {
  presentRow(store, id)
  store.change('UPDATE library SET weights = ? WHERE id = ?', [weights && JSON.stringify(weights), id])
  return libraryItem(store, id)
}

/** Item and hash of all weights that belong to an item, deleted ones too. */
export function keptWeights(store: Store): { item: number; hash: string }[] {
  return textRows(store, { id: 'id', weights: 'weights' }, 'FROM library WHERE weights IS NOT NULL').flatMap(
    ({ id, weights }) => {
      const told = ItemWeights.safeParse(readJson(weights)).data
      return told ? { item: id as number, hash: told.hash } : []
    },
  )
}

function row(store: Store, id: number): Row {
  const [found] = textRows(store, COLUMNS, 'FROM library WHERE id = ?', [id])
  if (found) return found
  throw new UserError(`there is no item ${id} in the library`, { remedy: 'list the library to see its numbers' })
}

function presentRow(store: Store, id: number): Row {
  const found = row(store, id)
  if (found.deletedAt === null) return found
  throw new UserError(`item ${id} of the library was deleted`, { remedy: 'restore it first' })
}

function parse({ document, weights, ...rest }: Row): LibraryItem | undefined {
  return LibraryItem.safeParse({ ...rest, weights: weights && readJson(weights), document: readJson(document) }).data
}

function withName(document: Document, name: string): Document {
  const trimmed = name.trim()
  if (trimmed === '') throw new UserError('the name is empty', { remedy: 'give it one' })
  return { ...document, name: trimmed }
}

/** As it will be read back: without fields that are undefined. */
const plain = (document: Document): unknown => JSON.parse(JSON.stringify(document))

const kindOf = ({ format }: Document): string => (format === 'normlab/block' ? 'block' : 'network')
