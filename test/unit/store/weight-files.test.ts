import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isUserError } from '../../../shared/errors'
import { copyWeights as copyTask } from '../../../main/engine/tasks/weights'
import { initialWeights } from '../../../main/engine/tasks/weights'
import { copyWeights, hashFile, keepWeights } from '../../../main/store/weight-files'
import { resolveNetwork } from '../../../shared/architecture'
import { InitialWeights } from '../../../shared/initial-weights'

let folder: string
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'normlab-weights-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => path.join(folder, name)

describe('weights that were removed a moment ago', () => {
  it.each([
    ['copied', () => copyWeights({ file: at('gone'), name: 'the weights of item 3' }, at('run/initial'))],
    ['hashed', () => void hashFile(at('gone'), 'the weights of item 3')],
    ['kept', () => void keepWeights({ file: at('gone'), name: 'the weights of item 3' }, at('kept'))],
  ])('are told in one sentence, with place and way out, where they are %s', (_, work) => {
    let error: unknown
    try {
      work()
    } catch (thrown) {
      error = thrown
    }
    expect(isUserError(error)).toBe(true)
    expect((error as Error).message).toBe(
      'the weights of item 3: the file of these weights is gone; bring them back from where they came, or choose others',
    )
  })
  it('are told from a target that cannot be written', () => {
    writeFileSync(at('w'), 'weights')
    expect(() => keepWeights({ file: at('w'), name: 'w' }, at('none/kept'))).toThrow(/none\/kept: the file cannot be written: /)
    expect(readFileSync(at('w'), 'utf8')).toBe('weights')
  })
})

describe.skipIf(process.platform === 'win32')('weights in the data folder', () => {
  const mode = (file: string): number => statSync(file).mode & 0o777
  it('can be read by their owner alone, though everybody could read what they are a copy of', () => {
    writeFileSync(at('w'), 'weights')
    chmodSync(at('w'), 0o644)
    copyWeights({ file: at('w'), name: 'w' }, at('run/initial'))
    expect([mode(at('run')), mode(at('run/initial'))]).toEqual([0o700, 0o600])
  })
  it('can be read by their owner alone where they were taken out of a file', async () => {
    const network = resolveNetwork('plain:blocks=1,widths=4/8').document
    await initialWeights({ ...InitialWeights.parse({}), dataFolder: '', network, out: at('w') })
    await copyTask({ network, file: at('w'), out: at('kept'), isKept: true })
    await copyTask({ network, file: at('w'), out: at('own') })
    expect(mode(at('kept'))).toBe(0o600)
    expect(mode(at('own'))).toBe(mode(at('w')))
  })
})
