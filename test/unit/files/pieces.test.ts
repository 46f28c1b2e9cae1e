import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readPieces } from '../../../main/files/pieces'

const folder = mkdtempSync(path.join(tmpdir(), 'normlab-pieces-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a file is read piece by piece from a byte on, each piece with its place, up to where it ends', () => {
  const file = path.join(folder, 'log')
  writeFileSync(file, 'abcdefgh')
  const taken = (from: number, bytes: number): unknown[] => {
    const pieces: unknown[] = []
    const end = readPieces(file, (piece, at) => pieces.push([at, piece.toString()]), { from, bytes })
    return [...pieces, end]
  }
  expect(taken(0, 3)).toEqual([[0, 'abc'], [3, 'def'], [6, 'gh'], 8])
  expect(taken(2, 4)).toEqual([[2, 'cdef'], [6, 'gh'], 8])
  expect(taken(8, 4)).toEqual([8])
})
