import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSafetensors } from '../../main/formats/safetensors'
import { NET, TINY, cliPath, fill, mayMount, normlab, temporaryHome } from './lab-support'

const small = mayMount()
const home = temporaryHome()
const disk = temporaryHome()
const at = (name: string): string => path.join(home.home, name)

beforeAll(async () => {
  if (!small) return
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', disk.home])
  await normlab(['train', ...TINY, '--epochs', '40'], home.home)
  await normlab(['train', ...TINY], home.home)
  await normlab(['weights', NET, '--out', at('w.safetensors')], home.home)
  await normlab(['convert', 'proc-resnet:blocks=2', '--to', 'learned', '--out', at('net.json')], home.home)
  await normlab(['library', 'import', at('net.json')], home.home)
  const images = { shape: [2, 32, 32, 3], data: new Float32Array(2 * 32 * 32 * 3).fill(0.1) }
  const labels = { shape: [2], data: Int32Array.of(1, 2) }
  writeSafetensors(at('b.safetensors'), [
    { name: 'images', ...images },
    { name: 'labels', ...labels },
    { name: 'images/0', ...images },
    { name: 'labels/0', ...labels },
  ])
})
afterAll(() => {
  if (small) execFileSync('umount', ['-l', disk.home])
  disk.remove()
  home.remove()
})

const weights = (): string[] => ['--weights', at('w.safetensors')]
/** Those that write more than a page or two have their first piece taken, where there is room for it. */
const writers: readonly [name: string, words: () => string[], larger?: true][] = [
  ['runs export, CSV', () => ['runs', 'export', '1', '--format', 'csv'], true],
  ['runs export, JSON', () => ['runs', 'export', '1', '--format', 'json'], true],
  ['runs export, a bundle', () => ['runs', 'export', '1', '--format', 'bundle'], true],
  ['compare', () => ['compare', '1', '2']],
  ['weights', () => ['weights', 'plain:blocks=2'], true],
  ['weights of a run', () => ['weights', '--run', '1']],
  ['convert', () => ['convert', 'proc-resnet:blocks=2', '--to', 'learned']],
  ['library export', () => ['library', 'export', '1']],
  ['evaluate', () => ['evaluate', NET, ...weights(), '--batch', at('b.safetensors')]],
  ['replay', () => ['replay', NET, ...weights(), '--batches', at('b.safetensors'), '--rate', '0.1', '--momentum', '0.9'], true],
  ['project', () => ['project', at('w.safetensors'), '--tensor', 'stem.conv.kernel', '--size', '8']],
  ['whiten', () => ['whiten', at('w.safetensors'), '--tensor', 'head.kernel']],
]

// A file system of 256 kB.
describe.skipIf(!small)('on a full disk', () => {
  it.each(writers.flatMap(([name, words, larger]) => (larger ? [0, 1] : [0]).map((free) => [name, free, words] as const)))(
    '%s, with %i pages left, keeps the whole file that was there, and says so in one sentence',
    async (_, free, words) => {
      const out = path.join(disk.home, 'target')
      writeFileSync(out, 'the old one')
      fill(path.join(disk.home, 'ballast'), free)
      const { status, stdout, stderr } = await normlab([...words(), '--out', out, '--json'], home.home)
      expect(stderr).toBe(
        `normlab: ${out}: the file cannot be written: the disk is full; make room there, or choose another place\n`,
      )
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(readFileSync(out, 'utf8')).toBe('the old one')
      expect(readdirSync(disk.home).sort()).toEqual(['ballast', 'target'])
    },
  )
})

describe('a command’s file', () => {
  it.skipIf(process.platform !== 'linux')('goes to standard output whole, from the engine’s process too', async () => {
    const { status, stdout } = await normlab(['weights', NET, '--out', '/dev/stdout'], home.home)
    expect(status).toBe(0)
    expect(stdout).toContain('"stem.conv.kernel"')
  })

  it.skipIf(process.platform !== 'linux')('that standard output cannot take is told in a sentence', () => {
    const told = execFileSync('sh', ['-c', `"$0" "$1" presets 2>&1 >/dev/full; echo $?`, process.execPath, cliPath])
    expect(String(told)).toBe('normlab: standard output cannot be written: the disk is full; send it somewhere else\n2\n')
  })
})
