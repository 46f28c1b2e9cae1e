import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { sweep } from '../../../main/window/folder'

it('what Chromium left in temporary folders is removed, and nothing that is in use or another’s', () => {
  const temporary = mkdtempSync(path.join(tmpdir(), 'normlab-sweep-'))
  try {
    for (const name of ['normlab-window-old', 'normlab-window-open', 'normlab-window-new', 'other']) {
      const folder = path.join(temporary, name)
      mkdirSync(folder)
      writeFileSync(path.join(folder, 'Preferences'), '{}')
      if (name.endsWith('open')) symlinkSync('host-1', path.join(folder, 'SingletonLock'))
      if (!name.endsWith('new')) utimesSync(folder, 1e9, 1e9)
    }
    sweep(temporary)
    expect(readdirSync(temporary).sort()).toEqual(['normlab-window-new', 'normlab-window-open', 'other'])
  } finally {
    rmSync(temporary, { recursive: true })
  }
})
