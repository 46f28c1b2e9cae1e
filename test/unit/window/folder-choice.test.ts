import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requireDataFolder, startsNamed, wordsWith } from '../../../main/window/folder-choice'

describe('an app that opens again on another data folder', () => {
  it('is named it where it was named one, in whichever words', () => {
    for (const argv of [['app'], ['app', '--home', '/old'], ['app', '--home=/old']])
      expect(wordsWith(argv, '/new')).toEqual(['app', '--home', '/new'])
    expect(wordsWith(['app', '--home', '/old', 'a.normlab'], '/new')).toEqual(['app', 'a.normlab', '--home', '/new'])
    expect(startsNamed(['app', 'a.normlab'], {})).toBe(false)
    expect(startsNamed(['app', '--home=/old'], {})).toBe(true)
    expect(startsNamed(['app', '--home', '/old'], {})).toBe(true)
    expect(startsNamed(['app'], { NORMLAB_HOME: '/old' })).toBe(true)
  })

  describe('takes', () => {
    let folder: string
    const at = (name: string): string => path.join(folder, name)
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'normlab-choice-'))
      for (const name of ['open', 'empty', 'data', 'other', 'begun']) mkdirSync(at(name))
      writeFileSync(at('data/normlab.db'), '')
      writeFileSync(at('other/holiday.jpg'), '')
      writeFileSync(at('begun/moving.json'), '')
    })
    afterEach(() => rmSync(folder, { recursive: true }))

    it('a data folder or an empty one, and says what is wrong with others', () => {
      for (const name of ['data', 'empty']) requireDataFolder(at('open'), at(name))
      for (const [name, sentence] of [
        ['gone', 'there is no such folder'],
        ['open', 'this data folder is the one that is open'],
        ['other', 'this is no data folder of NormLab; choose one with a file normlab.db in it, or an empty one'],
        ['begun', 'a move to it was broken off; move the data folder there again'],
      ] as const)
        expect(() => requireDataFolder(at('open'), at(name)), name).toThrow(`${at(name)}: ${sentence}`)
    })
  })
})
