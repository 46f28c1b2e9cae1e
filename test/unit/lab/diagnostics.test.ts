import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os, { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diagnostics } from '../../../main/lab/diagnostics'
import { redacted } from '../../../main/lab/redact'
import { Store } from '../../../main/store/store'

let home: string
beforeEach(() => (home = mkdtempSync(path.join(tmpdir(), 'normlab-diagnostics-'))))
afterEach(() => rmSync(home, { recursive: true }))

describe('diagnostics', () => {
  it('tell what helps, and no name, path or token', () => {
    writeFileSync(path.join(home, 'normlab.db'), gunzipSync(readFileSync(path.join(__dirname, '../store/released/6.db.gz'))))
    const store = new Store(home)
    store.runs.update(1, {
      name: 'patients of ward 7',
      state: 'failed',
      problem: { step: 3, message: 'it diverged in patients of ward 7' } as never,
    })
    store.close()
    mkdirSync(path.join(home, 'datasets/imported'), { recursive: true })
    writeFileSync(path.join(home, 'datasets/imported/scans-berlin.safetensors'), '')
    const token = 'a1'.repeat(32)
    writeFileSync(
      path.join(home, 'normlab.log'),
      [
        `TypeError: x at ${home}/datasets/imported/scans-berlin.safetensors`,
        `cannot open ${os.homedir()}/Private Papers/secret net.json for someone@example.org with ${token}`,
        'libc at /usr/lib/x86_64-linux-gnu/libc.so.6',
        '',
      ].join('\n'),
    )
    const text = diagnostics(home, [{ name: 'Data folder', ok: true, detail: `${home}, 3 GB free` }])
    expect(text).toMatch(/== Doctor ==\nok {2}Data folder: <data folder>, 3 GB free/)
    expect(text).toMatch(/run 1: failed, \d+ steps; it diverged in <run 1>/)
    expect(text).toContain('2 runs\nwhole')
    expect(text).toContain('TypeError: x at <data folder>')
    expect(text).toContain('/usr/lib/x86_64-linux-gnu/libc.so.6')
    for (const secret of ['ward', 'berlin', 'Papers', 'secret net', 'example.org', token, home])
      expect(text).not.toContain(secret)
  })

  it('of a store that cannot be opened tell why', () => {
    writeFileSync(path.join(home, 'normlab.db'), 'no database, '.repeat(1000))
    const text = diagnostics(home, [])
    expect(text).toMatch(/== Run store ==\n.+/)
    expect(text).not.toContain(home)
  })

  it('cut what is a word of its own, and leave longer words be', () => {
    const secrets = [
      ['root', '<user>'],
      ['ann', '<run 1>'],
      ['ann (2)', '<run 2>'],
    ] as const
    expect(redacted('root: rooted by ann, ann (2) and Joanna', secrets)).toBe('<user>: rooted by <run 1>, <run 2> and Joanna')
    expect(redacted('see /home/me/a b/x.json: no', [])).toBe('see <path>.json: no')
    expect(redacted('from /usr/lib/a b to /srv/b/c and ~/d', [])).toBe('from /usr/lib/a b to <path> ~/d')
    expect(redacted('~/Mine/x.db', [])).toBe('<path>.db')
    expect(redacted('C:\\Users\\me\\x.json', [])).toBe('<path>.json')
    expect(redacted('3/4 of 1/2', [])).toBe('3/4 of 1/2')
  })
})
