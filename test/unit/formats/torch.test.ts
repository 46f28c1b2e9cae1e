import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openWeights } from '../../../main/engine/weights'
import { isUserError } from '../../../shared/errors'
import { Random } from '../../../shared/random'

/** Files of PyTorch 2.15; see make_torch.py beside them. */
const folder = path.resolve(__dirname, '../../golden/reference/torch')
const at = (name: string): string => path.join(folder, name)
const scratch = mkdtempSync(path.join(tmpdir(), 'normlab-torch-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Expected = Record<string, { shape: number[]; values: number[] }>
const expected = JSON.parse(readFileSync(at('expected.json'), 'utf8')) as Expected

describe('a file of torch.save', () => {
  it.each(['zip.pth', 'legacy.pth', 'state_dict.pt', 'bare.pt'])('gives every tensor to the bit: %s', async (name) => {
    const file = await openWeights(at(name))
    const found = file.tensors.map(({ name: tensor, shape }) => [
      tensor,
      { shape: [...shape], values: file.readChecked(tensor).values },
    ])
    const wanted = Object.entries(expected).map(([tensor, { shape, values }]) => [
      tensor,
      { shape, values: Float32Array.from(values) },
    ])
    expect(found).toEqual(wanted)
    file.close()
  })

  it('says what it passed over, and which prefix it took off', async () => {
    for (const name of ['zip.pth', 'legacy.pth']) {
      const file = await openWeights(at(name))
      expect(file.remarks).toEqual(['read from its "net"; passed over: acc, epoch, args', '"module." was taken off every name'])
      file.close()
    }
    const bare = await openWeights(at('bare.pt'))
    expect(bare.remarks).toEqual([])
    bare.close()
  })

  it('lists tensors that are no plain numbers, and reads the others', async () => {
    const file = await openWeights(at('other.pt'))
    expect(file.remarks).toEqual(['not read, as they are no plain tensors of numbers: c, s'])
    expect(file.tensors.map(({ name }) => name)).toEqual(['w', 'u'])
    expect([...file.readChecked('u').values]).toEqual([65535])
    expect(() => file.readChecked('s')).toThrow('tensor "s" is sparse')
    file.close()
  })

  it.each([
    ['module.pt', /it holds a whole module \(torch\.nn\.modules\.container\.Sequential\).*save its state_dict alone/],
    ['module_legacy.pt', /it holds a whole module.*save its state_dict alone/],
    ['script.pt', /it is TorchScript.*save its state_dict alone/],
    ['calls.pt', /it names posix\.system, which is neither a tensor nor a plain value; nothing of it was run/],
  ])('is refused in one sentence where it is more than tensors: %s', async (name, sentence) => {
    await expect(openWeights(at(name))).rejects.toThrow(sentence)
    expect(existsSync('/tmp/normlab-was-run')).toBe(false)
  })

  it('is refused in one sentence where it is cut short, at any place', async () => {
    for (const name of ['zip.pth', 'legacy.pth']) {
      const whole = readFileSync(at(name))
      for (const share of [0.02, 0.3, 0.6, 0.9, 0.999]) {
        const file = path.join(scratch, 'cut')
        writeFileSync(file, whole.subarray(0, Math.floor(share * whole.length)))
        await expect(outcome(file)).resolves.toMatch(/^refused/)
      }
    }
  })

  it('crashes nothing, whatever is changed in it', async () => {
    const rounds = Number(process.env['NORMLAB_FAULTS'] ?? 0) > 0 ? 5_000 : 300
    const names = ['zip.pth', 'legacy.pth', 'bare.pt', 'other.pt', 'arrays.npz', 'calls.pt', 'module_legacy.pt']
    const wholes = names.map((name) => readFileSync(at(name)))
    const random = new Random(11)
    const counts = { read: 0, refused: 0 }
    for (let round = 0; round < rounds; round++) {
      const chosen = round % names.length
      const bytes = mutated(wholes[chosen]!, random)
      const file = path.join(scratch, `mutated-${round % 4}${path.extname(names[chosen]!)}`)
      writeFileSync(file, bytes)
      const found = await outcome(file)
      counts[found.startsWith('refused') ? 'refused' : 'read']++
      if (!/^(read|refused)/.test(found)) throw new Error(`${names[chosen]!}, round ${round}: ${found}`)
    }
    expect(counts.read + counts.refused).toBe(rounds)
    expect(counts.refused).toBeGreaterThan(rounds / 10)
    expect(existsSync('/tmp/normlab-was-run')).toBe(false)
  }, 300_000)
})

describe('an .npz', () => {
  it('gives its arrays, half precision widened and Fortran’s order turned', async () => {
    const file = await openWeights(at('arrays.npz'))
    expect(file.tensors).toEqual([
      { name: 'half', shape: [2] },
      { name: 'double', shape: [2, 1] },
      { name: 'fortran', shape: [2, 3] },
    ])
    expect([...file.readChecked('fortran').values]).toEqual([0, 1, 2, 3, 4, 5])
    expect([...file.readChecked('half').values]).toEqual([1, 0.333251953125])
    expect([...file.readChecked('double').values]).toEqual([Math.fround(0.1), 2])
    file.close()
  })
})

/** Opens a file and reads all of it. */
async function outcome(name: string): Promise<string> {
  try {
    const file = await openWeights(name)
    try {
      for (const { name: tensor } of file.tensors) file.readChecked(tensor)
      return 'read'
    } finally {
      file.close()
    }
  } catch (error) {
    return isUserError(error) && !error.message.includes('\n') ? `refused: ${error.message}` : String((error as Error).stack)
  }
}

/** One to four bytes are others, or a piece is gone or there twice. */
function mutated(bytes: Buffer, random: Random): Buffer {
  const below = (count: number): number => Math.floor(random.uniform() * count)
  const kind = below(6)
  const start = below(bytes.length)
  const length = 1 + below(40)
  if (kind === 0) return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)])
  if (kind === 1) return Buffer.concat([bytes.subarray(0, start + length), bytes.subarray(start)])
  const changed = Buffer.from(bytes)
  for (let i = 0; i < 1 + below(4); i++) {
    // The pickle's own bytes more often than the numbers'.
    const place = kind < 4 ? below(Math.min(1_500, bytes.length)) : below(bytes.length)
    changed[place] = below(3) === 0 ? (changed[place]! + 1) & 255 : below(256)
  }
  return changed
}
