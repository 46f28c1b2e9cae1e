import fs from 'node:fs'
import type yauzl from 'yauzl'
import { UserError } from '../../../shared/errors'
import { isSystemError, reasonOf } from '../../files/reasons'
import { unpickle } from '../pickle'
import { damagedZip, openZipFile } from '../zip-file'
import type { TorchBytes } from './file'
import { torchWorld } from './world'

/**
 * The form of `torch.save` since PyTorch 1.6: a zip whose files lie in it as they are, `NAME/data.pkl` and `NAME/data/KEY` for each
 * storage, with `NAME/byteorder` in newer ones. Source: torch/serialization.py and caffe2/serialize/inline_container.h.
 */

/** Files of one; a network of a thousand layers has some five thousand. */
const MOST_FILES = 1_000_000
/** Of data.pkl: names and shapes. */
const MOST_PICKLE_BYTES = 2 ** 28

interface Stored {
  readonly start: number
  readonly bytes: number
}

/** @throws UserError where the zip is damaged, packed, TorchScript, or names what is no tensor. */
export async function readZippedTorch(path: string, place: string): Promise<TorchBytes> {
  const { files, folder } = await listed(path, place)
  const descriptor = openFile(path, place)
  try {
    const named = (name: string): Stored | undefined => files.get(`${folder}${name}`)
    const read = ({ start, bytes }: Stored): Uint8Array => readBytes(descriptor, start, bytes, place)
    const pickle = named('data.pkl')!
    if (pickle.bytes > MOST_PICKLE_BYTES) throw new UserError(`its data.pkl claims ${pickle.bytes} bytes`, { place })
    const order = named('byteorder')
    const isSwapped = order !== undefined && order.bytes < 100 && Buffer.from(read(order)).toString('latin1').trim() === 'big'
    const { world, storages } = torchWorld(place)
    const value = unpickle(read(pickle), world, place)
    for (const { key, each, length } of storages.values()) {
      const bytes = named(`data/${key}`)?.bytes
      if (bytes === undefined)
        throw new UserError(`the numbers of storage ${key.slice(0, 40)} are not in it`, { place, remedy: 'fetch it again' })
      if (bytes < length * each)
        throw new UserError(`its storage ${key.slice(0, 40)} has ${bytes} bytes and should have ${length * each}`, {
          place,
          remedy: 'fetch it again',
        })
    }
    return {
      value,
      isSwapped,
      read: (storage, from, bytes) => readBytes(descriptor, named(`data/${storage.key}`)!.start + from, bytes, place),
      close: () => fs.closeSync(descriptor),
    }
  } catch (error) {
    fs.closeSync(descriptor)
    throw error
  }
}

/** Where the files of the zip lie in it, and the folder that data.pkl is in. */
async function listed(path: string, place: string): Promise<{ files: Map<string, Stored>; folder: string }> {
  let zip: yauzl.ZipFile
  try {
    zip = await openZipFile(path)
  } catch (error) {
    throw damagedZip(error, place)
  }
  try {
    if (zip.entryCount > MOST_FILES) throw new UserError(`it holds more than ${MOST_FILES} files`, { place })
    const entries = new Map<string, yauzl.Entry>()
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileNameRaw.toString('utf8')
      if (entries.has(name)) throw new UserError(`it has the file ${name.slice(0, 80)} twice`, { place })
      entries.set(name, entry)
    }
    const folder = folderOf([...entries.keys()], place)
    const files = new Map<string, Stored>()
    for (const [name, entry] of entries) {
      if (name.endsWith('/')) continue
      if (entry.compressionMethod !== 0 || entry.isEncrypted() || entry.compressedSize !== entry.uncompressedSize)
        throw new UserError(`its file ${name.slice(0, 80)} is packed, which torch.save does not do`, {
          place,
          remedy: 'save it again with torch.save',
        })
      files.set(name, { start: await dataStart(zip, entry), bytes: entry.uncompressedSize })
    }
    return { files, folder }
  } catch (error) {
    throw damagedZip(error, place)
  } finally {
    zip.close()
  }
}

/** The folder that data.pkl is in. @throws UserError where there is none, or it lies beside a program. */
function folderOf(names: readonly string[], place: string): string {
  const pickles = names.filter((name) => /^([^/]+\/)?data\.pkl$/.test(name))
  const folder = pickles[0]?.slice(0, -'data.pkl'.length)
  if (folder === undefined || pickles.length > 1)
    throw new UserError('it is a zip without a data.pkl, and no file of torch.save', {
      place,
      remedy: 'name it .npz where numpy wrote it',
    })
  if (names.some((name) => name === `${folder}constants.pkl` || name.startsWith(`${folder}code/`)))
    throw new UserError('it is TorchScript, a program with its weights', {
      place,
      remedy: 'save its state_dict alone: torch.save(torch.jit.load(FILE).state_dict(), OTHER)',
    })
  return folder
}

function dataStart(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<number> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) => {
      if (error) reject(error)
      else resolve(header.fileDataStart)
    })
  })
}

function openFile(path: string, place: string): number {
  try {
    return fs.openSync(path, 'r')
  } catch (error) {
    if (!isSystemError(error)) throw error
    throw new UserError(`it cannot be read: ${reasonOf(error)}`, { place, remedy: 'choose another file' })
  }
}

function readBytes(descriptor: number, start: number, length: number, place: string): Uint8Array {
  const target = new Uint8Array(length)
  for (let done = 0; done < length;) {
    const got = fs.readSync(descriptor, target, done, Math.min(length - done, 2 ** 30), start + done)
    if (got === 0) throw new UserError('it is cut short', { place, remedy: 'fetch it again' })
    done += got
  }
  return target
}
