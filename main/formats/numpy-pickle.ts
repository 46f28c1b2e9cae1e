import { UserError } from '../../shared/errors'
import { arrayFromBytes, type ElementLayout, type FileArray, numpyLayout } from './array'
import { unreadable } from './npy'
import { type PickleFunction, type PickleObject, type PickleWorld, pickleText, unpickle } from './pickle'

/** numpy's arrays and numbers in a pickle, by the names of its versions 1 and 2 and of both Pythons. */
export function unpickleArrays(bytes: Uint8Array, place: string): unknown {
  return unpickle(bytes, numpyWorld(place), place)
}

/** An array of a pickle; `array` is there once its state was set. */
export class PickledArray implements PickleObject {
  array: FileArray | undefined

  constructor(
    private readonly place: string,
    array?: FileArray,
  ) {
    this.array = array
  }

  /** (version, shape, type, Fortran order, bytes). */
  setState(state: unknown): void {
    const [, shape, type, fortran, bytes] = Array.isArray(state) ? (state as unknown[]) : []
    this.array = arrayOf(bytes, type, shape, fortran === true, this.place)
  }
}

class PickledType implements PickleObject {
  private order = '|'

  constructor(private readonly word: string) {}

  /** (version, byte order, …); the rest is of records. */
  setState(state: unknown): void {
    this.order = pickleText(Array.isArray(state) ? state[1] : undefined) ?? this.order
  }

  layout(place: string): ElementLayout {
    const word = this.order === '<' || this.order === '>' ? this.order + this.word : this.word
    const layout = numpyLayout(word)
    if (!layout) throw unreadable(word, place)
    return layout
  }
}

/** The functions that numpy's values and Python's plain containers are made by. */
export function numpyWorld(place: string): PickleWorld {
  const functions: Readonly<Record<string, PickleFunction>> = {
    'multiarray._reconstruct': () => new PickledArray(place),
    'multiarray.scalar': ([type, bytes]) => {
      const { data } = arrayOf(bytes, type, [], false, place)
      return typeof data[0] === 'bigint' ? Number(data[0]) : data[0]
    },
    'numeric._frombuffer': ([bytes, type, shape, order]) =>
      new PickledArray(place, arrayOf(bytes, type, shape, pickleText(order) === 'F', place)),
  }
  const builtins: Readonly<Record<string, PickleFunction>> = {
    // An array's class: it is named as the first argument of _reconstruct, and made by that.
    'numpy.ndarray': () => new PickledArray(place),
    'numpy.dtype': ([word]) => new PickledType(pickleText(word) ?? '?'),
    // Bytes, as Python 3 writes them for Python 2: text in Latin-1.
    '_codecs.encode': ([text, encoding]) => latin1(text, encoding, place),
    'builtins.bytearray': ([bytes]) => bytes ?? new Uint8Array(0),
    '__builtin__.bytearray': ([bytes]) => bytes ?? new Uint8Array(0),
    'builtins.bytes': ([bytes]) => bytes ?? new Uint8Array(0),
    '__builtin__.bytes': ([bytes]) => bytes ?? new Uint8Array(0),
    'builtins.set': ([values]) => new Set(listOf(values)),
    '__builtin__.set': ([values]) => new Set(listOf(values)),
    'collections.OrderedDict': ([pairs]) => new Map(listOf(pairs).filter(isPair)),
  }
  return {
    find: (module, name) => {
      const inNumpy = /^numpy\._?core\.(\w+)$/.exec(module)?.[1]
      const table = inNumpy ? functions : builtins
      const key = `${inNumpy ?? module}.${name}`
      return Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined
    },
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
const isPair = (value: unknown): value is [unknown, unknown] => Array.isArray(value) && value.length === 2

function arrayOf(bytes: unknown, type: unknown, shape: unknown, fortran: boolean, place: string): FileArray {
  if (!(type instanceof PickledType)) throw new UserError("an array's type in this pickle is none of numpy's", { place })
  const layout = type.layout(place)
  if (!(bytes instanceof Uint8Array)) throw new UserError('an array in this pickle has no bytes', { place })
  const sides = (Array.isArray(shape) ? (shape as unknown[]) : [shape]).map((side) => (typeof side === 'number' ? side : NaN))
  return arrayFromBytes(bytes, layout, sides, fortran, place)
}

function latin1(text: unknown, encoding: unknown, place: string): Uint8Array {
  if (typeof text !== 'string' || !/^latin-?1$/i.test(pickleText(encoding) ?? ''))
    throw new UserError(`this pickle encodes text as ${(pickleText(encoding) ?? 'nothing').slice(0, 40)}, known is latin1`, {
      place,
    })
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}
