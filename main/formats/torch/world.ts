import { UserError } from '../../../shared/errors'
import { numpyWorld } from '../numpy-pickle'
import { functionOf, type PickleFunction, type PickleObject, type PickleWorld, pickleText } from '../pickle'
import { checkStrided, elementBytes, isTorchElement, OTHER_STORAGES, STORAGES, type Strided, type TorchElement } from './elements'

/** What a file of `torch.save` may name: tensors, their storages, and the plain values that lie beside them. Nothing of it is run. */

/** Numbers behind one another somewhere in the file; several tensors may lie in one. */
export interface Storage {
  readonly key: string
  /** Null for raw bytes, whose tensors say their type; undefined for numbers that are not read here. */
  readonly type: TorchElement | null | undefined
  /** Bytes of an entry. */
  readonly each: number
  /** Entries. */
  readonly length: number
}

/** A storage, or in old files a part of one. */
class StoragePart {
  constructor(
    readonly storage: Storage,
    /** Its first entry. */
    readonly start: number,
    readonly length: number,
  ) {}
}

/** A tensor as the pickle tells of it. Its numbers are read when they are asked for. */
export class TorchTensor implements Strided {
  constructor(
    readonly storage: Storage,
    readonly type: TorchElement,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
  ) {}
}

/** A tensor whose numbers cannot be read here: a sparse or quantised one. */
export class OtherTensor {
  constructor(readonly why: string) {}
}

/** A value of a class that is passed over, with whatever state it has. */
class PassedOver implements PickleObject {
  setState(): void {
    // Nothing of it is wanted.
  }
}

const SAVE_STATE = 'save its state_dict alone: torch.save(model.state_dict(), FILE)'

/** Classes whose values lie in checkpoints and say nothing of weights. */
const PASSED_OVER = new Set([
  'argparse.Namespace',
  'types.SimpleNamespace',
  'collections.Counter',
  'collections.deque',
  'datetime.datetime',
  'datetime.date',
  'datetime.timedelta',
  'pathlib.Path',
  'pathlib.PosixPath',
  'pathlib.WindowsPath',
  'pathlib.PurePosixPath',
  'pathlib._local.PosixPath',
  'builtins.complex',
  'builtins.slice',
  'builtins.range',
  'torch.device',
  'torch.torch_version.TorchVersion',
  'torch.serialization._get_layout',
  'torch._C.Generator',
])

const OTHER_TENSORS: Readonly<Record<string, string>> = {
  _rebuild_sparse_tensor: 'sparse',
  _rebuild_sparse_csr_tensor: 'sparse',
  _rebuild_qtensor: 'quantised',
  _rebuild_meta_tensor_no_storage: 'without values',
  _rebuild_nested_tensor: 'nested',
  _rebuild_device_tensor_from_numpy: 'of a device that is not known',
  _rebuild_wrapper_subclass: 'of a class of its own',
}

/** Types of PyTorch beside those whose numbers are read. */
const OTHER_TYPES = /^(q?u?int\d+(x\d)?|complex\d+|float8_\w+|bits\w+|strided|per_\w+)$/

/** A type that a pickle names: a storage's, or a tensor's own. */
interface NamedType {
  readonly type: TorchElement | null | undefined
  readonly each: number
}

const builders = (
  place: string,
  typeOf: (value: unknown) => NamedType | undefined,
): Readonly<Record<string, PickleFunction>> => ({
  _rebuild_tensor: (args) => tensor(args, undefined, place),
  _rebuild_tensor_v2: (args) => tensor(args, undefined, place),
  _rebuild_tensor_v3: (args) => tensor(args, typeOf(args[6])?.type ?? undefined, place),
  _rebuild_parameter: ([data]) => data,
  _rebuild_parameter_with_state: ([data]) => data,
})

/**
 * @returns the world of a pickle, and the storages that it turns out to name, by their keys.
 * @throws UserError, as it is read, for a pickle that names anything else: it may be a whole module, or something that is to be run.
 */
export function torchWorld(place: string): { readonly world: PickleWorld; readonly storages: ReadonlyMap<string, Storage> } {
  const storages = new Map<string, Storage>()
  const numpy = numpyWorld(place)
  const types = new Map<PickleFunction, NamedType>()
  const typeOf = (value: unknown): NamedType | undefined => {
    const named = functionOf(value)
    return named && types.get(named)
  }
  const build = builders(place, typeOf)
  const find = (module: string, name: string): PickleFunction | undefined => {
    if (module === 'torch._utils') return own(build, name) ?? otherTensor(name)
    const named = typeNamed(module, name)
    if (named) {
      const stands: PickleFunction = () => new PassedOver()
      types.set(stands, named)
      return stands
    }
    if (module === 'torch' && name === 'Size') return ([sizes]) => sizes
    if (module === 'collections' && name === 'defaultdict') return () => new Map()
    if (PASSED_OVER.has(`${module}.${name}`)) return () => new PassedOver()
    return numpy.find(module, name)
  }
  return {
    storages,
    world: {
      find: (module, name) => find(module, name) ?? refuse(module, name, place),
      persistent(id) {
        const [kind, named, key, , length, view] = Array.isArray(id) ? (id as unknown[]) : []
        if (pickleText(kind) === 'module') throw wholeModule(place)
        const type = typeOf(named)
        const word = pickleText(key)
        if (pickleText(kind) !== 'storage' || !type || word === undefined)
          throw new UserError('it refers to what is no storage of numbers', { place })
        const storage = { key: word, ...type, length: count(length, place) }
        const known = storages.get(word)
        if (known && (known.type !== storage.type || known.length !== storage.length))
          throw new UserError(`it tells of storage ${word.slice(0, 40)} in two ways`, { place })
        if (!known) storages.set(word, storage)
        return partOf(known ?? storage, view, place)
      },
    },
  }
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.prototype.hasOwnProperty.call(table, name) ? table[name] : undefined
}

function otherTensor(name: string): PickleFunction | undefined {
  const why = own(OTHER_TENSORS, name)
  return why === undefined ? undefined : () => new OtherTensor(why)
}

function typeNamed(module: string, name: string): NamedType | undefined {
  if (!/^torch(\.cuda|\.storage)?$/.test(module)) return undefined
  const type = own(STORAGES, name)
  if (type) return { type, each: elementBytes(type) }
  if (name === 'UntypedStorage') return { type: null, each: 1 }
  const each = own(OTHER_STORAGES, name)
  if (each !== undefined) return { type: undefined, each }
  if (module !== 'torch') return undefined
  if (isTorchElement(name)) return { type: name, each: elementBytes(name) }
  return OTHER_TYPES.test(name) ? { type: undefined, each: 1 } : undefined
}

/** (key, first entry, length), as old files have it. */
function partOf(storage: Storage, view: unknown, place: string): StoragePart {
  if (!Array.isArray(view)) return new StoragePart(storage, 0, storage.length)
  const [start, length] = [count(view[1], place), count(view[2], place)]
  if (start + length > storage.length)
    throw new UserError(`a part of a storage reaches entry ${start + length} of ${storage.length}`, { place })
  return new StoragePart(storage, start, length)
}

function tensor(args: readonly unknown[], named: TorchElement | undefined, place: string): TorchTensor | OtherTensor {
  const [part, offset, shape, stride] = args
  if (!(part instanceof StoragePart)) throw new UserError('a tensor has no storage', { place })
  const { storage } = part
  const type = named ?? storage.type
  if (type === null || type === undefined) return new OtherTensor('of a type that is not read here')
  if (named !== undefined && storage.type !== null && storage.type !== named)
    throw new UserError(`a tensor of ${named} lies in a storage of another type`, { place })
  if (storage.type === null && part.start > 0) return new OtherTensor('in a part of a storage without a type')
  const entries = storage.type === null ? Math.floor(part.length / elementBytes(type)) : part.length
  const strided = { offset: count(offset, place), shape: counts(shape, place), stride: counts(stride, place) }
  checkStrided(strided, entries, place)
  return new TorchTensor(storage, type, part.start + strided.offset, strided.shape, strided.stride)
}

function count(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new UserError('a size or a place in it is no whole number', { place })
}

function counts(values: unknown, place: string): number[] {
  if (!Array.isArray(values)) throw new UserError('a tensor has no list of sides or strides', { place })
  return (values as unknown[]).map((value) => count(value, place))
}

function refuse(module: string, name: string, place: string): never {
  if (/^(torch\.nn|torchvision|torch\.jit|timm)\b/.test(module) || module === '__main__')
    throw wholeModule(place, `${module}.${name}`)
  throw new UserError(
    `it names ${`${module}.${name}`.slice(0, 100)}, which is neither a tensor nor a plain value; nothing of it was run`,
    { place, remedy: SAVE_STATE },
  )
}

function wholeModule(place: string, name?: string): UserError {
  const which = name === undefined ? '' : ` (${name.slice(0, 100)})`
  return new UserError(`it holds a whole module${which}, which only its own Python code could read`, {
    place,
    remedy: SAVE_STATE,
  })
}
