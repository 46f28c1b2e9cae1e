import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SafetensorsReader, writeSafetensors, type TensorArray, type TensorSource } from '../../../main/formats/safetensors'
import { UserError } from '../../../shared/errors'

let folder = ''
let file = ''
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'safetensors-'))
  file = path.join(folder, 'tensors.safetensors')
})
afterAll(() => fs.rmSync(folder, { recursive: true }))

function reading<T>(use: (reader: SafetensorsReader) => T): T {
  const reader = SafetensorsReader.open(file)
  try {
    return use(reader)
  } finally {
    reader.close()
  }
}

/** Writes a file with this header (an object, its text or its bytes) before so many zero bytes. */
function writeRaw(header: unknown, dataBytes: number): void {
  const json = Buffer.isBuffer(header) ? header : Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  fs.writeFileSync(file, Buffer.concat([length, json, Buffer.alloc(dataBytes)]))
}

function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    return (error as UserError).message
  }
  throw new Error('nothing was refused')
}

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
const tensors = fc.uniqueArray(
  fc.tuple(
    fc.string().filter((name) => name !== '__metadata__'),
    shapes,
    fc.constantFrom('F64', 'F32', 'I64', 'I32', 'U8', 'BOOL'),
    fc.integer(),
  ),
  { selector: ([name]) => name, maxLength: 6 },
)

function source([name, shape, dtype, seed]: [string, number[], string, number]): TensorSource {
  const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => seed + i)
  if (dtype === 'F64') return { name, shape, data: Float64Array.from(values, (v) => v / 3) }
  if (dtype === 'F32') return { name, shape, data: Float32Array.from(values, (v) => v / 3) }
  if (dtype === 'I64') return { name, shape, data: BigInt64Array.from(values, BigInt) }
  if (dtype === 'I32') return { name, shape, data: Int32Array.from(values) }
  if (dtype === 'U8') return { name, shape, data: Uint8Array.from(values) }
  return { name, shape, dtype: 'BOOL', data: Uint8Array.from(values, (v) => v & 1) }
}

describe('writing and reading', () => {
  it('gives back every tensor and word as it was written', () => {
    fc.assert(
      fc.property(
        tensors,
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          fc.string(),
        ),
        (drawn, metadata) => {
          const sources = drawn.map(source)
          writeSafetensors(file, sources, metadata)
          reading((reader) => {
            expect(new Set(reader.tensors.map(({ name }) => name))).toEqual(new Set(sources.map(({ name }) => name)))
            expect({ ...reader.metadata }).toEqual({ ...metadata })
            for (const { name, shape, data } of sources) {
              expect(reader.info(name).shape).toEqual(shape)
              expect(reader.read(name)).toEqual(data)
            }
          })
        },
      ),
      { numRuns: 100 },
    )
  })

  it('lays each tensor at a multiple of its element size, without gaps', () => {
    writeSafetensors(file, [
      { name: 'bytes', shape: [3], data: Uint8Array.of(1, 2, 3) },
      { name: 'doubles', shape: [1], data: Float64Array.of(4) },
      { name: 'floats', shape: [1], data: Float32Array.of(5) },
    ])
    const raw = fs.readFileSync(file)
    const header = Number(raw.readBigUInt64LE())
    const entries = JSON.parse(raw.toString('utf8', 8, 8 + header)) as Record<string, { data_offsets: number[] }>
    expect(header % 8).toBe(0)
    expect(Object.entries(entries).map(([name, { data_offsets }]) => [name, ...data_offsets])).toEqual([
      ['doubles', 0, 8],
      ['floats', 8, 12],
      ['bytes', 12, 15],
    ])
  })

  it('takes a tensor in pieces', () => {
    function* pieces(): Iterable<TensorArray> {
      for (let i = 0; i < 3; i++) yield Float32Array.of(i, i + 0.5)
    }
    writeSafetensors(file, [{ name: 'x', dtype: 'F32', shape: [3, 2], data: pieces }])
    expect([...reading((reader) => reader.readFloats('x'))]).toEqual([0, 0.5, 1, 1.5, 2, 2.5])
  })

  it('reads any type as floats, and whole numbers of any type as integers', () => {
    writeSafetensors(file, [
      { name: 'long', shape: [2], data: BigInt64Array.of(-3n, 7n) },
      { name: 'float', shape: [2], data: Float32Array.of(2, 0.5) },
    ])
    reading((reader) => {
      expect(reader.readFloats('long')).toEqual(Float32Array.of(-3, 7))
      expect(reader.readIntegers('long')).toEqual(Int32Array.of(-3, 7))
      expect(refusal(() => reader.readIntegers('float'))).toBe(`${file}: tensor "float": value 1 is 0.5, not a 32-bit integer`)
    })
  })

  it('leaves the old file whole and no other behind where writing fails half-way', () => {
    writeSafetensors(file, [{ name: 'old', shape: [1], data: Float32Array.of(1) }])
    const failing = (): Iterable<TensorArray> => {
      throw new Error('interrupted')
    }
    expect(() => writeSafetensors(file, [{ name: 'new', dtype: 'F32', shape: [1], data: failing }])).toThrow('interrupted')
    expect(() => writeSafetensors(file, [{ name: 'new', shape: [2], data: Float32Array.of(1) }])).toThrow('given 1 values')
    expect(reading((reader) => reader.has('old'))).toBe(true)
    expect(fs.readdirSync(folder)).toEqual([path.basename(file)])
  })

  it('says where a file cannot be written or read, and why', () => {
    const absent = path.join(folder, 'absent', 'x.safetensors')
    expect(refusal(() => writeSafetensors(absent, []))).toContain(
      `${absent}: the file cannot be written: there is no such folder`,
    )
    expect(refusal(() => SafetensorsReader.open(absent))).toBe(
      `${absent}: cannot be read: there is no such file or folder; check its name, and whether it was removed`,
    )
    expect(refusal(() => SafetensorsReader.open(folder))).toBe(`${folder}: this is not a file`)
  })

  it('names the tensors that there are where one is not', () => {
    writeSafetensors(file, [{ name: 'loss', shape: [], data: Float32Array.of(1) }])
    expect(refusal(() => reading((reader) => reader.read('images')))).toBe(`${file}: there is no tensor "images"; it has loss`)
  })
})

describe('files of other programs', () => {
  /** A file with one tensor of these bits. */
  const half = (dtype: string, bits: number[]): void => {
    const json = Buffer.from(JSON.stringify({ x: { dtype, shape: [bits.length], data_offsets: [0, 2 * bits.length] } }))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(json.length))
    const data = new Uint8Array(Uint16Array.from(bits).buffer)
    // Whatever the length of the header: only our own writer makes it a multiple of eight.
    fs.writeFileSync(file, Buffer.concat([length, json, data]))
  }
  const floats = () => [...reading((reader) => reader.readFloats('x'))]

  it('bring half precision exactly', () => {
    half('BF16', [0x3f80, 0xbf80, 0x4049, 0x0001, 0x8000, 0x7f80, 0xff80, 0x7fc0])
    expect(floats()).toEqual([1, -1, 3.140625, 2 ** -133, -0, Infinity, -Infinity, NaN])
    half('F16', [0x3c00, 0x3555, 0x0001, 0xfbff, 0x03ff, 0x0400, 0x8000, 0x7c00, 0xfc00, 0x7e01])
    expect(floats()).toEqual([1, 0.333251953125, 2 ** -24, -65504, 1023 * 2 ** -24, 2 ** -14, -0, Infinity, -Infinity, NaN])
    half('F16', [0x3c00, 0xc500, 0x0000])
    expect(reading((reader) => reader.readIntegers('x'))).toEqual(Int32Array.of(1, -5, 0))
    expect(reading((reader) => reader.read('x'))).toEqual(Uint16Array.of(0x3c00, 0xc500, 0))
  })

  it('bring every value of half precision as it is', () => {
    // Each is a whole multiple of the least one, and half of them are one another's negatives.
    const all = Array.from({ length: 0x7c00 }, (_, bits) => bits)
    half('F16', all)
    const wide = floats()
    expect(wide.every((value, i) => i === 0 || value > wide[i - 1]!)).toBe(true)
    expect(wide.every((value) => Number.isInteger(value * 2 ** 24))).toBe(true)
    half('F16', all.map((bits) => bits | 0x8000)) // prettier-ignore
    expect(floats()).toEqual(wide.map((value) => -value))
  })

  it('bring whole numbers of every width, with and without a sign', () => {
    writeSafetensors(file, [
      { name: 'u64', shape: [1], data: BigUint64Array.of(2n ** 63n) },
      { name: 'i8', shape: [2], data: Int8Array.of(-128, 127) },
      { name: 'f64', shape: [2], data: Float64Array.of(0.1, 1e-30) },
    ])
    reading((reader) => {
      expect(reader.readFloats('u64')).toEqual(Float32Array.of(2 ** 63))
      expect(reader.readIntegers('i8')).toEqual(Int32Array.of(-128, 127))
      expect(reader.readFloats('f64')).toEqual(Float32Array.of(0.1, 1e-30))
      expect(refusal(() => reader.readIntegers('u64'))).toContain('not a 32-bit integer')
    })
  })

  it('have metadata of any length, or none', () => {
    writeRaw({ __metadata__: {} }, 0)
    expect(reading((reader) => reader.metadata)).toEqual({})
    const word = 'x'.repeat(20_000_000)
    writeRaw({ __metadata__: { word }, a: { dtype: 'F32', shape: [0, 5], data_offsets: [0, 0] } }, 0)
    reading((reader) => {
      expect(reader.metadata['word']!.length).toBe(word.length)
      expect(reader.info('a').shape).toEqual([0, 5])
      expect(reader.readFloats('a')).toHaveLength(0)
      expect(refusal(() => reader.read('w'))).toBe(`${file}: there is no tensor "w"; it has a`)
    })
    // Quotes and backslashes in words do not hide a key, nor make one.
    writeRaw({ __metadata__: { 'a"b': '"a\\"b":', 'a\\': '\\"' } }, 0)
    expect(reading((reader) => reader.metadata)).toEqual({ 'a"b': '"a\\"b":', 'a\\': '\\"' })
  })

  it('with metadata alone have no tensor of that name', () => {
    writeRaw({ __metadata__: { format: 'pt' } }, 0)
    expect(refusal(() => reading((reader) => reader.read('w')))).toBe(`${file}: there is no tensor "w"; it has none`)
  })
})

describe('a malformed file', () => {
  const f32 = (shape: number[], start: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [start, end] })
  const cases: [what: string, header: unknown, dataBytes: number, words: string][] = [
    ['bad JSON', '{"x":', 0, 'the header is not JSON'],
    ['no text at all', '', 0, 'the header is not JSON'],
    ['text that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 0, 'the header is not UTF-8'],
    ['a header that begins with a blank', ' {}', 0, 'the header does not begin with {'],
    ['lists in one another without end', `{"a":${'['.repeat(5e6)}`, 0, 'the header nests deeper'],
    ['metadata that is null', { __metadata__: null }, 0, '__metadata__ is null; leave it out where there are no words'],
    ['metadata that is a list', { __metadata__: ['a'] }, 0, '__metadata__ is not a map of words'],
    ['a word of the metadata given twice', '{"__metadata__":{"a":"1","a":"2"}}', 0, 'the header has "a" twice'],
    ['a type that is no word', { a: { dtype: 7, shape: [], data_offsets: [0, 0] } }, 0, 'tensor "a" has the type 7'],
    [
      'half precision that its bytes do not fit',
      { a: { dtype: 'BF16', shape: [3], data_offsets: [0, 4] } },
      4,
      'needs 6 bytes and has 4',
    ],
    ['a header that is no object', [], 0, 'the header is not a JSON object'],
    ['a name given twice', '{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"\\u0061":{}}', 4, 'the header has "a" twice'],
    [
      'a field given twice',
      '{"a":{"dtype":"F32","dtype":"F64","shape":[],"data_offsets":[0,8]}}',
      8,
      'the header has "dtype" twice',
    ],
    ['metadata other than words', { __metadata__: { n: 0 } }, 0, '__metadata__ "n" is 0, not a word in quotes'],
    [
      'a type that we do not know',
      { a: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } },
      1,
      'tensor "a" has the type "F8_E4M3"',
    ],
    [
      'a type named as a property of every object',
      { a: { dtype: 'constructor', shape: [], data_offsets: [0, 0] } },
      0,
      'has the type "constructor"',
    ],
    ['a negative shape', { a: f32([-1], 0, 4) }, 4, 'tensor "a" has no shape of whole numbers'],
    ['offsets that run backwards', { a: f32([0], 4, 0) }, 4, 'tensor "a" has no data_offsets [start, end]'],
    ['a shape that its bytes do not fit', { a: f32([3], 0, 8) }, 8, 'tensor "a" of F32 [3] needs 12 bytes and has 8'],
    ['a shape beyond all memory', { a: f32([2 ** 53 - 1, 2 ** 53 - 1], 0, 8) }, 8, 'and has 8'],
    ['tensors that overlap', { a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8, 'tensor "b" overlaps the one before it'],
    ['a gap', { a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12, 'tensor "b" leaves a gap before it'],
    ['data cut short', { a: f32([4], 0, 16) }, 10, 'it is cut short'],
    ['data left over', { a: f32([1], 0, 4) }, 10, '6 bytes at its end belong to no tensor'],
  ]
  it.each(cases)('is refused with its name: %s', (_, header, dataBytes, words) => {
    writeRaw(header, dataBytes)
    const message = refusal(() => SafetensorsReader.open(file))
    expect(message).toContain(file)
    expect(message).toContain(words)
  })

  it('is refused with its name: too short for a header, or a header beyond the file or the limit', () => {
    fs.writeFileSync(file, 'short')
    expect(refusal(() => SafetensorsReader.open(file))).toContain('5 bytes are too few for a header')
    fs.writeFileSync(file, Buffer.from([100, 0, 0, 0, 0, 0, 0, 0, 123]))
    expect(refusal(() => SafetensorsReader.open(file))).toContain('the header claims 100 bytes, the file has 1')
    fs.writeFileSync(file, Buffer.from([255, 255, 255, 255, 0, 0, 0, 0, 123]))
    expect(refusal(() => SafetensorsReader.open(file))).toContain('at most 100000000 are allowed')
  })

  it('is told from what is no such file: words, a pickle, a zip', () => {
    for (const [bytes, words] of [
      [Buffer.from('hello world, this is text'), 'no file of weights that is known'],
      [Buffer.alloc(9, 0xff), 'no file of weights that is known'],
      [Buffer.from([0x80, 2, 0x8a, 10, 1, 2, 3, 4, 5, 6]), 'this is a pickle, and no safetensors file'],
      [Buffer.from('PK\x03\x04 and more'), 'this is a zip, as torch.save'],
    ] as const) {
      fs.writeFileSync(file, bytes)
      expect(refusal(() => SafetensorsReader.open(file))).toContain(words)
    }
  })

  it('never does worse than a UserError, whatever bytes are changed or cut', () => {
    writeSafetensors(
      file,
      [
        { name: 'a', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
        { name: 'b', shape: [2], data: BigInt64Array.of(1n, 2n) },
      ],
      { word: 'value' },
    )
    const whole = fs.readFileSync(file)
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 4 })
    fc.assert(
      fc.property(changes, fc.nat(whole.length), fc.boolean(), (bytes, cut, cuts) => {
        const mutated = Buffer.from(whole)
        for (const [at, value] of bytes) mutated[at] = value
        fs.writeFileSync(file, cuts ? mutated.subarray(0, cut) : mutated)
        try {
          reading((reader) => reader.tensors.forEach(({ name }) => reader.readFloats(name)))
        } catch (error) {
          expect(error).toBeInstanceOf(UserError)
          expect((error as UserError).options.place).toBe(file)
        }
      }),
      { numRuns: 500 },
    )
  })
})
