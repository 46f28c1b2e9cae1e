import type { ManualPage } from '../../shared/manual'
import { CHAPTERS } from './contents'

const FILES = import.meta.glob<ManualPage>('../../docs/*.md', { import: 'default', eager: true })
const BY_NAME = new Map(Object.entries(FILES).map(([file, page]) => [file.slice(file.lastIndexOf('/') + 1, -'.md'.length), page]))

export function isPage(name: string): boolean {
  return BY_NAME.has(name)
}

export function pageOf(name: string): ManualPage | undefined {
  return BY_NAME.get(name)
}

/** All pages by their names, in the order of the chapters. They come with the guide, whose list of titles and search need them all. */
export const PAGES = CHAPTERS.flatMap(({ pages }) => pages).map((name) => ({ name, page: BY_NAME.get(name)! }))
