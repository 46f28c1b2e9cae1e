import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import { describe, expect, it } from 'vitest'
import type { DatasetSummary } from '../../../shared/api'
import { IMPORT_QUESTIONS, choiceOf } from '../../../shared/datasets/import-questions'
import { ImportChoices } from '../../../shared/datasets/import-choices'
import { gridLayout, nextPlace, zoomedSide } from '../../../renderer/datasets/grid/layout'
import { tarOf } from '../../../renderer/datasets/import/tar'
import { arrangedSets, spreadOver } from '../../../renderer/datasets/list/order'

describe('the grid of images', () => {
  it('fills its width with whole rows and says where words have room', () => {
    expect(gridLayout(60_000, 800, 64)).toMatchObject({ columns: 11, rows: 5455, cellWidth: 72, hasWords: true })
    expect(gridLayout(5, 800, 20)).toMatchObject({ columns: 30, rows: 1, hasWords: false })
    expect(gridLayout(5, 30, 64)).toMatchObject({ columns: 1, rows: 5 })
  })

  it('is no taller than a browser can show', () => {
    const { rows, cellHeight } = gridLayout(5_000_000, 300, 320)
    expect(rows * cellHeight).toBeLessThanOrEqual(30e6)
  })

  it('leads by arrows and pages from image to image, and stays at its edges', () => {
    const to = (key: string, place: number): number | null => nextPlace(key, place, 25, 10, 2)
    expect(['ArrowRight', 'ArrowDown', 'PageDown', 'End'].map((key) => to(key, 3))).toEqual([4, 13, 23, 24])
    expect(['ArrowLeft', 'ArrowUp', 'PageUp', 'Home'].map((key) => to(key, 0))).toEqual([0, 0, 0, 0])
    expect(to('ArrowDown', 18)).toBe(18)
    expect(to('x', 3)).toBeNull()
  })

  it('zooms by at least two pixels and within its bounds', () => {
    expect([zoomedSide(16, -1), zoomedSide(16, 1), zoomedSide(64, 1), zoomedSide(320, 1)]).toEqual([16, 18, 74, 320])
  })
})

describe('the list of data sets', () => {
  const set = (name: string, importedAt?: string): DatasetSummary => ({
    ...{ name, title: name, description: '', licence: '', source: '', shape: [1, 1, 1], splits: [], procedural: false },
    ...{ classes: name === 'b' ? ['cat'] : ['dog'], ...(importedAt && { importedAt, hash: '', kind: 'idx' }) },
  })
  it('has imported sets first, the newest first, and finds names, kinds and classes', () => {
    const sets = [set('built'), set('a', '2026-01-01'), set('b', '2026-02-01')]
    const names = (search: string): string[] => arrangedSets(sets, search).map(({ name }) => name)
    expect(names('')).toEqual(['b', 'a', 'built'])
    expect(names('CAT')).toEqual(['b'])
    expect(names('idx dog')).toEqual(['a'])
    expect(names('built-in')).toEqual(['built'])
  })

  it('shows images of several classes, whether they are sorted or take turns', () => {
    const shown = spreadOver(10_000, 8)
    expect(new Set(shown.map((index) => index % 10)).size).toBe(8)
    expect(new Set(shown.map((index) => Math.floor(index / 1000))).size).toBe(8)
    expect(spreadOver(3, 8)).toEqual([0, 1, 2])
  })
})

it('files are sent as a tar that others read, long and foreign names too', async () => {
  const long = `set/${'ä'.repeat(60)}/${'x'.repeat(90)}.png`
  const files = [
    { path: 'set/cat/1.png', file: new Blob(['one']) },
    { path: long, file: new Blob(['y'.repeat(1024)]) },
  ]
  const bytes = Buffer.from(await tarOf(files).arrayBuffer())
  const found: [string, number][] = []
  const extract = tar.extract()
  extract.on('entry', ({ name, size }, stream, next) => {
    found.push([name, size ?? -1])
    stream.on('end', next).resume()
  })
  await pipeline(Readable.from([bytes]), extract)
  expect(found).toEqual([
    ['set/cat/1.png', 3],
    [long, 1024],
  ])
})

it('every answer to a question of an import is one that the lab takes', () => {
  for (const [question, { choices }] of Object.entries(IMPORT_QUESTIONS))
    for (const value of Object.keys(choices)) {
      const choice = choiceOf(question as keyof typeof IMPORT_QUESTIONS, value)
      expect(ImportChoices.parse(choice)).toEqual(choice)
      expect(Object.keys(choice)).toEqual(value === '' ? [] : [question])
    }
})
