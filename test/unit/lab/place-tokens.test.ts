import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { removeProfile, saveProfile } from '../../../main/lab/submissions/profiles'
import { keepToken, sweepTokens, tokenOf } from '../../../main/lab/submissions/tokens'
import { Store } from '../../../main/store/store'
import { PlaceProfile } from '../../../shared/places/profile'

describe('a service’s token', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'normlab-tokens-'))
  const file = path.join(home, 'place-tokens.json')
  const ray = (address: string): PlaceProfile => PlaceProfile.parse({ kind: 'ray', name: 'r', address })
  const profile = ray('https://ray.example.org/a')
  let store: Store
  beforeAll(() => {
    store = new Store(home)
  })
  afterAll(() => {
    store.close()
    rmSync(home, { recursive: true })
  })

  it('is kept beside the store, for its user alone', () => {
    saveProfile(store, profile)
    keepToken(home, profile, 'secret-word')
    expect(tokenOf(home, profile)).toBe('secret-word')
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(path.join(home, 'normlab.db'), 'latin1') + readFileSync(path.join(home, 'normlab.db-wal'), 'latin1')).not.toContain('secret-word') // prettier-ignore
    if (process.platform === 'win32') return
    chmodSync(file, 0o644)
    expect(tokenOf(home, profile)).toBeUndefined()
    chmodSync(file, 0o600)
  })

  it('belongs to the address that it was given for', () => {
    for (const other of ['https://ray.example.com/a', 'http://ray.example.org/a', 'https://ray.example.org:8265'])
      expect(tokenOf(home, ray(other)), other).toBeUndefined()
    expect(tokenOf(home, ray('https://ray.example.org/b'))).toBe('secret-word')
    const slurm = PlaceProfile.parse({ kind: 'slurm', name: 's', host: 'ray.example.org' })
    expect(tokenOf(home, slurm)).toBeUndefined()
    expect(() => keepToken(home, slurm, 'x')).toThrow(/has no token/)
  })

  it('is forgotten with the last profile of its address', () => {
    sweepTokens(store)
    expect(tokenOf(home, profile)).toBe('secret-word')
    removeProfile(store, 'r')
    sweepTokens(store)
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })
})
