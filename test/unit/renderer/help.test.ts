import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { manualPage } from '../../../build/manual/tree'
import { CHAPTERS, HELP_OF } from '../../../renderer/help/contents'
import { searchManual } from '../../../renderer/help/search'
import { sectionsOf } from '../../../shared/manual'

const DOCS = path.resolve(__dirname, '../../../docs')
const pages = CHAPTERS.flatMap(({ pages }) => pages).map((name) => ({
  name,
  page: manualPage(readFileSync(path.join(DOCS, `${name}.md`), 'utf8'), `${name}.md`, String),
}))

test('each page of the guide is in one chapter', () => {
  const files = readdirSync(DOCS).filter((name) => name.endsWith('.md'))
  expect(pages.map(({ name }) => `${name}.md`).sort()).toEqual(files.sort())
})

test('each page of the app has its place in the guide', () => {
  const source = readFileSync(path.resolve(__dirname, '../../../renderer/router.ts'), 'utf8')
  const routes = [...source.matchAll(/name: '([\w-]+)'/g)].map(([, name]) => name!).filter((name) => name !== 'help')
  expect(Object.keys(HELP_OF).sort()).toEqual(routes.sort())
  const places = new Set(
    pages.flatMap(({ name, page }) => [name, ...sectionsOf(page).flatMap(({ id }) => (id === null ? [] : [`${name}#${id}`]))]),
  )
  expect(Object.values(HELP_OF).filter((place) => !places.has(place))).toEqual([])
})

test('a search finds sections that hold every word, headings first', () => {
  const hits = searchManual(pages, 'Deleting back')
  expect(hits[0]).toMatchObject({ place: 'runs#deleting-and-coming-back', page: 'Runs' })
  const found = searchManual(pages, 'whitening')
  expect(found.length).toBeGreaterThan(2)
  for (const { excerpt, section } of found)
    expect(excerpt.some((part) => part.found) || section.toLowerCase().includes('whitening')).toBe(true)
  expect(searchManual(pages, '  ')).toEqual([])
  expect(searchManual(pages, 'no such word as zyxwvut (')).toEqual([])
})
