import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pythonPackages } from '../../../build/prepare/python-packages'
import { recognise } from '../../../main/datasets/import'
import { PictureDecoder } from '../../../main/engine/pictures/decoder'
import { openTree } from '../../../main/formats/trees'
import { isUserError } from '../../../shared/errors'
import { temporaryHome } from '../lab-support'

/** A source of every kind, cut short: wherever that is, it is taken as far as it goes, or refused in one sentence with the place. */

const { home, remove } = temporaryHome()
const seeds = path.join(home, 'seeds')
/** Of larger files not every length is tried, but so many, and all near the end. */
const LENGTHS = 300
const NEAR_END = 64

beforeAll(async () => {
  const env = { ...process.env, PYTHONPATH: await pythonPackages(), PYTHONUTF8: '1' }
  execFileSync('python3', [path.join(__dirname, 'write_seeds.py'), seeds], { env, stdio: ['ignore', 'inherit', 'inherit'] })
})
afterAll(remove)

function filesOf(place: string): string[] {
  if (!statSync(place).isDirectory()) return [place]
  return readdirSync(place).flatMap((name) => filesOf(path.join(place, name)))
}

function lengthsOf(bytes: number): number[] {
  const step = Math.ceil(bytes / LENGTHS)
  return [...Array(bytes).keys()].filter((length) => length % step === 0 || bytes - length <= NEAR_END)
}

/** Reads all of a source but for what is in its pictures. @returns the images, or what was thrown. */
async function read(source: string): Promise<number | Error> {
  try {
    const tree = await openTree(source)
    try {
      const set = await recognise(tree, undefined).open(tree, {})
      let images = 0
      for await (const _ of set.images(() => true)) images++
      return images
    } finally {
      tree.close()
    }
  } catch (error) {
    return error as Error
  }
}

function isSentence(error: Error): boolean {
  const { message } = error
  return isUserError(error) && message.startsWith(home) && !/\n|undefined|\bNaN\b|\[object/.test(message)
}

describe('a source that is cut short', () => {
  it('is refused in one sentence with the place, or what is left of it is taken', async () => {
    const faults: string[] = []
    for (const name of readdirSync(seeds).filter((seed) => seed !== 'picture'))
      for (const file of filesOf(path.join(seeds, name))) {
        const bytes = readFileSync(file)
        for (const length of lengthsOf(bytes.length)) {
          writeFileSync(file, bytes.subarray(0, length))
          const found = await read(path.join(seeds, name))
          if (found instanceof Error && !isSentence(found)) faults.push(`${file} at ${length}: ${found.stack}`)
        }
        writeFileSync(file, bytes)
      }
    expect(faults).toEqual([])
  })

  it('of a tar between two files is not taken for a smaller one', async () => {
    const file = path.join(seeds, 'pax.tar')
    const bytes = readFileSync(file)
    const whole = await read(file)
    // A header and a picture take a block each; so do the two of a long name.
    for (const length of [1024, 2048]) {
      writeFileSync(file, bytes.subarray(0, length))
      expect(String(await read(file))).toMatch(/pax\.tar: this archive (ends without the mark|is damaged or cut short)/)
    }
    writeFileSync(file, bytes)
    expect([whole, await read(file)]).toEqual([2, 2])
  })

  it.each(['arrays.tar.gz', 'deflated.zip', 'npz-packed.npz', 'gnu.tar.gz'])('of %s says so at any length', async (name) => {
    const file = path.join(seeds, name)
    const bytes = readFileSync(file)
    const said = new Set<string>()
    for (const length of lengthsOf(bytes.length).slice(1)) {
      writeFileSync(file, bytes.subarray(0, length))
      said.add(String(await read(file)).replace(/^UserError: .*?: (?=this)/, ''))
    }
    writeFileSync(file, bytes)
    for (const sentence of said) expect(sentence).toMatch(/this (archive|zip) is damaged or cut short/)
  })
})

it('a picture that is cut short has all its pixels, or is listed with a clause', () => {
  const decoder = new PictureDecoder()
  try {
    for (const file of filesOf(path.join(seeds, 'picture')).filter((place) => !place.endsWith('good.png'))) {
      const bytes = readFileSync(file)
      const [whole] = decoder.decode([bytes], 3)
      for (const length of lengthsOf(bytes.length)) {
        const [picture] = decoder.decode([bytes.subarray(0, length)], 3)
        if ('why' in picture!) expect(picture.why, `${file} at ${length}`).toMatch(/^[^\n]{5,200}$/)
        else expect(picture, `${file} at ${length}`).toEqual(whole)
      }
    }
  } finally {
    decoder.close()
  }
})
