import { describe, expect, it } from 'vitest'
import { ChosenSources, sourceOf } from '../../../main/lab/chosen-sources'

describe('a word for what was chosen', () => {
  it('stands for it only where it is used as what it was chosen for', () => {
    const sources = new ChosenSources()
    const { chosen: read } = sources.choose(['/data/set.npz'], false)
    const { chosen: written } = sources.choose(['/data/all.tar'], false, 'new-backup')
    expect(sourceOf(sources, undefined, read)).toBe('/data/set.npz')
    expect(sourceOf(sources, undefined, written, 'new-backup')).toBe('/data/all.tar')
    expect(() => sourceOf(sources, undefined, read, 'new-backup')).toThrow('not at hand')
    expect(() => sourceOf(sources, undefined, written)).toThrow('not at hand')
    expect(() => sourceOf(sources, undefined, written, 'data-folder')).toThrow('not at hand')
  })
})
