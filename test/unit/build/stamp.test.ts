import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isFresh, stampOf, writeStamp } from '../../../build/stamp'

/** Seconds, for utimes: when the source was written, and when the build began. */
const [WRITTEN, BUILT] = [1000, 2000]

describe('a build', () => {
  let root: string
  let source: string
  let stamp: string

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'normlab-stamp-'))
    source = path.join(root, 'source.ts')
    stamp = path.join(root, 'stamp.json')
    writeFileSync(source, 'one')
    utimesSync(source, WRITTEN, WRITTEN)
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const build = () => writeStamp(stamp, stampOf(root, ['source.ts'], BUILT * 1000))

  it('is stale before it was ever made, and where its stamp is damaged', () => {
    expect(isFresh(root, stamp)).toBe(false)
    writeFileSync(stamp, '{"inputs":')
    expect(isFresh(root, stamp)).toBe(false)
  })

  it('is fresh while nothing changes', () => {
    build()
    expect(isFresh(root, stamp)).toBe(true)
  })

  it('is stale when a source was written anew, or is gone', () => {
    build()
    utimesSync(source, WRITTEN + 1, WRITTEN + 1)
    expect(isFresh(root, stamp)).toBe(false)
    rmSync(source)
    expect(isFresh(root, stamp)).toBe(false)
  })

  it('is stale when a source changed while it was made', () => {
    utimesSync(source, BUILT + 1, BUILT + 1)
    build()
    expect(isFresh(root, stamp)).toBe(false)
  })
})
