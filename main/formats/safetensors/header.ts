import * as fs from 'node:fs'
import { UserError } from '../../../shared/errors'
import { attempt, malformed, readBytes } from './bytes'
import { scanJson } from './scan-json'
import { arrays, bytesOf, elements, isDType, type TensorInfo } from './types'

export interface Entry extends TensorInfo {
  /** Bytes from the start of the file. */
  readonly start: number
  readonly bytes: number
}

/** The reference implementation's limit, and ours. */
const largestHeader = 100_000_000
/**
 * An open file's header, checked in full: what it says of every tensor, in the order of their bytes, and the writer's words.
 * @throws UserError where it is malformed.
 */
export function readHeader(file: string, descriptor: number): { entries: Entry[]; metadata: Record<string, string> } {
  const stat = attempt(file, () => fs.fstatSync(descriptor))
  if (!stat.isFile()) throw new UserError('this is not a file', { place: file })
  if (stat.size < 8) throw malformed(file, `${stat.size} bytes are too few for a header`)
  refuseOthers(file, new Uint8Array(readBytes(file, descriptor, 0, Math.min(stat.size, 9))))
  const length = Number(new BigUint64Array(readBytes(file, descriptor, 0, 8))[0])
  if (length > largestHeader) throw malformed(file, `the header claims ${length} bytes, at most ${largestHeader} are allowed`)
  if (length > stat.size - 8)
    throw malformed(file, `the header claims ${length} bytes, the file has ${stat.size - 8} after its first eight`)
  const header = parseHeader(file, readBytes(file, descriptor, 8, length))

  let metadata: Record<string, string> = {}
  const entries: Entry[] = []
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = readMetadata(file, value)
    else entries.push(readEntry(file, name, value, 8 + length))
  }
  entries.sort((a, b) => a.start - b.start || a.bytes - b.bytes)
  let end = 8 + length
  for (const { name, start, bytes } of entries) {
    if (start !== end)
      throw malformed(file, `tensor "${name}" ${start < end ? 'overlaps the one before it' : 'leaves a gap before it'}`)
    end = start + bytes
    if (end > stat.size) throw malformed(file, `tensor "${name}" ends at byte ${end}, the file at ${stat.size}: it is cut short`)
  }
  if (end !== stat.size) throw malformed(file, `${stat.size - end} bytes at its end belong to no tensor`)
  return { entries, metadata }
}

/** What is no safetensors file at all gets no count of bytes that its first eight would mean. */
function refuseOthers(file: string, head: Uint8Array): void {
  const isZip = head[0] === 0x50 && head[1] === 0x4b
  if (head[8] === BRACE || (head.length < 9 && !isZip)) return
  const isPickle = head[0] === 0x80
  if (isZip || isPickle)
    throw new UserError(
      `this is a ${isZip ? 'zip, as torch.save and numpy.savez write them' : 'pickle'}, and no safetensors file`,
      {
        place: file,
        remedy: 'write its tensors with safetensors’ save_file, or bring them in with a command that reads such files',
      },
    )
  // The length of a header may begin with any byte, but its high ones are 0.
  if (head.subarray(5, 8).some((byte) => byte !== 0))
    throw new UserError('this is no file of weights that is known: neither safetensors nor .npz, nor what torch.save writes', {
      place: file,
      remedy: 'choose a file of one of these forms',
    })
}

/** { */
const BRACE = 0x7b

function parseHeader(file: string, bytes: ArrayBuffer): object {
  let header: unknown
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw malformed(file, 'the header is not UTF-8')
  }
  const { duplicate, isDeep } = scanJson(text)
  if (isDeep) throw malformed(file, 'the header nests deeper than tensors and their shapes do')
  try {
    header = JSON.parse(text)
  } catch {
    throw malformed(file, 'the header is not JSON')
  }
  if (!isObject(header)) throw malformed(file, 'the header is not a JSON object')
  if (!text.startsWith('{')) throw malformed(file, 'the header does not begin with {')
  if (duplicate !== undefined) throw malformed(file, `the header has "${shorten(duplicate)}" twice`)
  return header
}

function readMetadata(file: string, value: unknown): Record<string, string> {
  if (value === null) throw malformed(file, '__metadata__ is null; leave it out where there are no words')
  if (!isObject(value)) throw malformed(file, '__metadata__ is not a map of words')
  const wrong = Object.entries(value).find(([, word]) => typeof word !== 'string')
  if (wrong)
    throw malformed(file, `__metadata__ "${shorten(wrong[0])}" is ${shorten(JSON.stringify(wrong[1]))}, not a word in quotes`)
  return value as Record<string, string>
}

function readEntry(file: string, name: string, value: unknown, dataStart: number): Entry {
  const place = `tensor "${shorten(name)}"`
  if (!isObject(value)) throw malformed(file, `${place} is not described by an object`)
  const { dtype, shape, data_offsets: offsets } = value as { dtype?: unknown; shape?: unknown; data_offsets?: unknown }
  if (typeof dtype !== 'string' || !isDType(dtype))
    throw new UserError(`${place} has the type ${shorten(JSON.stringify(dtype) ?? 'none')}`, {
      place: file,
      remedy: `convert it to one of ${Object.keys(arrays).join(', ')}`,
    })
  if (!isSizes(shape)) throw malformed(file, `${place} has no shape of whole numbers`)
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[1]! < offsets[0]!)
    throw malformed(file, `${place} has no data_offsets [start, end]`)
  const bytes = offsets[1]! - offsets[0]!
  const wanted = elements(shape) * bytesOf(dtype)
  if (bytes !== wanted) throw malformed(file, `${place} of ${dtype} [${shape.join(', ')}] needs ${wanted} bytes and has ${bytes}`)
  return { name, dtype, shape, start: dataStart + offsets[0]!, bytes }
}

/** A name as messages repeat it. */
const shorten = (name: string): string => (name.length > 200 ? `${name.slice(0, 200)}…` : name)

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}
