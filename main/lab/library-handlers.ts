import {
  deleteItems,
  itemVersions,
  keepVersion,
  libraryItem,
  libraryItems,
  renameItem,
  restoreItems,
  saveItem,
} from '../store/library'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'

type LibraryRequest = Exclude<Extract<keyof Handlers, `library.${string}`>, 'library.take' | 'library.write'>

/** What the lab answers about the user's own networks and blocks. */
export function libraryHandlers(store: Store, log: (text: string) => void): Pick<Handlers, LibraryRequest> {
  return {
    'library.list': () => libraryItems(store, log),
    'library.show': ({ id }) => libraryItem(store, id),
    'library.save': (item) => saveItem(store, item),
    'library.rename': ({ id, name }) => renameItem(store, id, name),
    'library.delete'({ ids }) {
      deleteItems(store, ids)
      return {}
    },
    'library.restore': ({ ids }) => restoreItems(store, ids),
    'library.keep': ({ id, note }) => keepVersion(store, id, note),
    'library.versions': ({ id }) => itemVersions(store, id),
  }
}
