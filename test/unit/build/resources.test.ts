import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { cacheFolder, electronFolder, tensorflowFolder, wantedTensorflow } from '../../../main/resources'

afterEach(() => void vi.unstubAllEnvs())

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-resources-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('the cache', () => {
  it('is NORMLAB_CACHE, then in XDG_CACHE_HOME, then in the home', () => {
    vi.stubEnv('NORMLAB_CACHE', '/a')
    vi.stubEnv('XDG_CACHE_HOME', '/b')
    expect(cacheFolder()).toBe('/a')
    vi.stubEnv('NORMLAB_CACHE', '')
    expect(cacheFolder()).toBe('/b/normlab')
    vi.stubEnv('XDG_CACHE_HOME', 'relative, which the specification says to ignore')
    expect(cacheFolder()).toBe(path.join(homedir(), '.cache/normlab'))
  })
})

describe('TensorFlow', () => {
  it('is of the kind that NORMLAB_DEVICE asks for', () => {
    vi.stubEnv('NORMLAB_DEVICE', 'gpu')
    expect(wantedTensorflow()).toBe('gpu')
    vi.stubEnv('NORMLAB_DEVICE', 'tpu')
    expect(wantedTensorflow).toThrow('NORMLAB_DEVICE: "tpu" is not a device; use cpu or gpu')
  })

  it('is taken from NORMLAB_TENSORFLOW, which must hold a binding', () => {
    const folder = temporaryFolder()
    vi.stubEnv('NORMLAB_TENSORFLOW', folder)
    expect(tensorflowFolder).toThrow(/NORMLAB_TENSORFLOW: there is no tfjs_binding\.node in/)
    writeFileSync(path.join(folder, 'tfjs_binding.node'), '')
    expect(tensorflowFolder()).toBe(folder)
  })

  it('is said to be missing, with the line that brings it', () => {
    vi.stubEnv('NORMLAB_TENSORFLOW', '')
    vi.stubEnv('NORMLAB_CACHE', temporaryFolder())
    expect(tensorflowFolder).toThrow(/not prepared .*; run `npm start` or `npm run prepare-lab`/)
  })
})

describe('Electron', () => {
  it('is found where ELECTRON_OVERRIDE_DIST_PATH says, if it may be run there', () => {
    const folder = temporaryFolder()
    vi.stubEnv('NORMLAB_CACHE', temporaryFolder())
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', folder)
    expect(electronFolder(temporaryFolder())).toBeUndefined()
    writeFileSync(path.join(folder, 'electron'), '', { mode: 0o755 })
    expect(electronFolder(temporaryFolder())).toBe(folder)
  })
})
