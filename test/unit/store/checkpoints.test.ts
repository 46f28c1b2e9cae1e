import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpointFile, Checkpoints } from '../../../main/store/checkpoints'

let home: string
beforeEach(() => (home = mkdtempSync(path.join(tmpdir(), 'normlab-checkpoints-'))))
afterEach(() => rmSync(home, { recursive: true, force: true }))

function make(...steps: number[]): Checkpoints {
  const checkpoints = new Checkpoints(home)
  const { folder } = checkpoints.of(3)
  mkdirSync(folder, { recursive: true })
  for (const step of steps) writeFileSync(checkpointFile(folder, step), '')
  return checkpoints
}
const stepsOf = (checkpoints: Checkpoints): number[] => checkpoints.of(3).files.map(({ step }) => step)

describe('the checkpoints of a run', () => {
  it('are listed newest first; other files are none', () => {
    const checkpoints = make(5, 120, 100_000_000, 9)
    writeFileSync(path.join(checkpoints.of(3).folder, '.abc.safetensors.tmp'), '')
    writeFileSync(path.join(checkpoints.of(3).folder, 'step-1.safetensors'), '')
    expect(stepsOf(checkpoints)).toEqual([100_000_000, 120, 9, 5])
    expect(checkpoints.of(4).files).toEqual([])
  })

  it('are pruned to the last few and the best', () => {
    const checkpoints = make(10, 20, 30, 40, 50)
    checkpoints.prune(3, 2, 20, 50)
    expect(stepsOf(checkpoints)).toEqual([50, 40, 20])
  })

  it('of steps that are not stored yet take no place from those that are', () => {
    const checkpoints = make(10, 20, 30, 40, 50)
    checkpoints.prune(3, 2, undefined, 25)
    expect(stepsOf(checkpoints)).toEqual([50, 40, 30, 20, 10])
    checkpoints.prune(3, 1, undefined, 35)
    expect(stepsOf(checkpoints)).toEqual([50, 40, 30])
  })

  it('are swept of half-written files, and deleted with their run', () => {
    const checkpoints = make(10)
    const { folder } = checkpoints.of(3)
    writeFileSync(path.join(folder, '.abc.safetensors.tmp'), '')
    checkpoints.sweep(3)
    checkpoints.sweep(9)
    expect(stepsOf(checkpoints)).toEqual([10])
    checkpoints.delete(3)
    checkpoints.delete(9)
    expect(stepsOf(checkpoints)).toEqual([])
  })
})
