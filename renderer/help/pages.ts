import type { ManualPage } from '../../shared/manual'
import { CHAPTERS } from './contents'

const FILES = import.meta.glob<ManualPage>('../../docs/*.md', { import: 'default' })
const BY_NAME = new Map(Object.entries(FILES).map(([file, load]) => [file.slice(file.lastIndexOf('/') + 1, -'.md'.length), load]))

export function isPage(name: string): boolean {
  return BY_NAME.has(name)
}

/** A page is a file of its own and comes when it is first opened. */
export async function loadPage(name: string): Promise<ManualPage | null> {
  return (await BY_NAME.get(name)?.()) ?? null
}

/** All pages by their names, in the order of the chapters. */
export async function loadAll(): Promise<{ readonly name: string; readonly page: ManualPage }[]> {
  const names = CHAPTERS.flatMap(({ pages }) => pages)
  return Promise.all(names.map(async (name) => ({ name, page: (await loadPage(name))! })))
}
