import { homedir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataFolder } from '../../../main/store/home'

describe('the data folder', () => {
  it('is the option, then NORMLAB_HOME, then the place of the system', () => {
    expect(dataFolder('/a/b', { NORMLAB_HOME: '/c' }, 'linux')).toBe('/a/b')
    expect(dataFolder(undefined, { NORMLAB_HOME: '/c', XDG_DATA_HOME: '/d' }, 'linux')).toBe('/c')
    expect(dataFolder(undefined, { XDG_DATA_HOME: '/d' }, 'linux')).toBe('/d/normlab')
    expect(dataFolder(undefined, {}, 'linux')).toBe(path.join(homedir(), '.local/share/normlab'))
    expect(dataFolder(undefined, {}, 'darwin')).toBe(path.join(homedir(), 'Library/Application Support/NormLab'))
  })

  it('is absolute, and takes no relative XDG folder', () => {
    expect(dataFolder('runs', {}, 'linux')).toBe(path.resolve('runs'))
    expect(dataFolder('', { XDG_DATA_HOME: 'here' }, 'linux')).toBe(path.join(homedir(), '.local/share/normlab'))
  })
})
