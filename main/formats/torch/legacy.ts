import fs from 'node:fs'
import { UserError } from '../../../shared/errors'
import { isSystemError, reasonOf } from '../../files/reasons'
import { unpickleAt, pickleText } from '../pickle'
import type { TorchBytes } from './file'
import { type Storage, torchWorld } from './world'

/**
 * The form of `torch.save` before PyTorch 1.6 (and later where asked): pickles of a magic number, a protocol, the machine's sizes, the
 * object, and the keys of its storages; then each storage in that order, its count of entries in 64 bits before it.
 * Source: torch/serialization.py, _legacy_save.
 */
const MAGIC = Uint8Array.from([0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19])
const PROTOCOL = 1001
const MOST_BYTES = 2 ** 31 - 1

/** A pickle that begins with the magic number, of whatever protocol. */
export function matchLegacyTorch(head: Uint8Array): boolean {
  return head[0] === 0x80 && indexOf(head.subarray(0, 32), MAGIC) > 0
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(wanted)
}

/** @throws UserError where the file is cut short, lies, or names what is no tensor. */
export function readLegacyTorch(path: string, place: string): TorchBytes {
  const bytes = readWhole(path, place)
  const { world, storages } = torchWorld(place)
  let at = 0
  const next = (): unknown => {
    const { value, end } = unpickleAt(bytes, at, world, place)
    at = end
    return value
  }
  next() // the magic number
  const protocol = next()
  if (protocol !== PROTOCOL)
    throw new UserError(`it is of PyTorch’s protocol ${shown(protocol)}, known is ${PROTOCOL}`, {
      place,
      remedy: 'save it again',
    })
  const system = next()
  const isSwapped = system instanceof Map && system.get('little_endian') === false
  const value = next()
  const keys = next()
  const places = storagePlaces(bytes, at, keys, storages, isSwapped, place)
  return {
    value,
    isSwapped,
    read(storage, from, length) {
      const start = places.get(storage.key)
      if (start === undefined)
        throw new UserError(`the numbers of storage ${storage.key} are not in it`, { place, remedy: 'fetch it again' })
      return bytes.subarray(start + from, start + from + length)
    },
    close: () => undefined,
  }
}

/** Where each storage's numbers begin. */
function storagePlaces(
  bytes: Uint8Array,
  start: number,
  keys: unknown,
  storages: ReadonlyMap<string, Storage>,
  isSwapped: boolean,
  place: string,
): Map<string, number> {
  if (!Array.isArray(keys)) throw new UserError('it has no list of its storages', { place })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const places = new Map<string, number>()
  let at = start
  for (const [i, key] of (keys as unknown[]).entries()) {
    const storage = storages.get(pickleText(key) ?? '')
    if (!storage || places.has(storage.key)) throw new UserError(`its storage ${i + 1} belongs to no tensor`, { place })
    if (at + 8 > bytes.length) throw cutShort(place, i, keys.length)
    const count = Number(view.getBigUint64(at, !isSwapped))
    if (count !== storage.length)
      throw new UserError(`its storage ${i + 1} has ${count} entries and should have ${storage.length}`, {
        place,
        remedy: 'fetch it again',
      })
    places.set(storage.key, at + 8)
    at += 8 + count * storage.each
    if (at > bytes.length) throw cutShort(place, i, keys.length)
  }
  return places
}

function readWhole(path: string, place: string): Uint8Array {
  try {
    const { size } = fs.statSync(path)
    if (size > MOST_BYTES)
      throw new UserError('a file of more than 2 GB in PyTorch’s old form is not read here', {
        place,
        remedy: 'save it again with a newer PyTorch',
      })
    return fs.readFileSync(path)
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`it cannot be read: ${reasonOf(error)}`, { place, remedy: 'choose another file' })
  }
}

const shown = (value: unknown): string => (typeof value === 'number' ? String(value) : 'unknown')

function cutShort(place: string, done: number, all: number): UserError {
  return new UserError(`it is cut short: it ends in storage ${done + 1} of ${all}`, { place, remedy: 'fetch it again' })
}
