import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { Store } from '../../../main/store/store'
import { trustedTime } from '../../../main/store/trusted-time'

const DAY_MS = 86_400_000

it('a clock that is set wrong is believed for a day at each opening, and for nothing once it goes right again', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-time-'))
  const store = new Store(home)
  try {
    const now = Date.parse('2026-01-01')
    expect(trustedTime(store, now)).toBe(0)
    expect(trustedTime(store, now + DAY_MS / 2)).toBe(now + DAY_MS / 2)
    const wrong = now + 4000 * DAY_MS
    expect(trustedTime(store, wrong)).toBe(now + 1.5 * DAY_MS)
    expect(trustedTime(store, wrong)).toBe(now + 2.5 * DAY_MS)
    expect(trustedTime(store, now + DAY_MS)).toBe(now + DAY_MS)
    expect(trustedTime(store, 0)).toBe(0)
  } finally {
    store.close()
    rmSync(home, { recursive: true })
  }
})
