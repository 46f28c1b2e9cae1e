import { elements } from '../../../shared/ops/op'
import { UserError } from '../../../shared/errors'
import { type CheckedFloats, checkFloats } from '../checked-floats'
import { elementBytes, elementsOf, gather, isContiguous } from './elements'
import { TorchTensor, type OtherTensor, type Storage } from './world'
import { findState } from './state-dict'

/** Where a file's numbers lie, whichever of its two forms it has. */
export interface TorchBytes {
  /** What the pickle holds. */
  readonly value: unknown
  /** The other way round than this machine has them. */
  readonly isSwapped: boolean
  /** Bytes of a storage, from one of its bytes on. @throws UserError where the file has less than it says. */
  read(storage: Storage, from: number, bytes: number): Uint8Array
  close(): void
}

/** The tensors that a file of `torch.save` holds, by name. One owner, who closes it. */
export class TorchFile {
  readonly isTorch = true
  /** What was passed over on the way to the tensors, a sentence each. */
  readonly remarks: readonly string[]
  private readonly found: ReadonlyMap<string, TorchTensor | OtherTensor>

  /** @throws UserError where no names with tensors are found in it, or more than one set of them. */
  constructor(
    /** As messages call it. */
    readonly file: string,
    private readonly bytes: TorchBytes,
  ) {
    const { tensors, remarks } = findState(bytes.value, file)
    this.found = tensors
    this.remarks = remarks
  }

  close(): void {
    this.bytes.close()
  }

  /** In the file's order; those that cannot be read here are not among them. */
  get tensors(): readonly { readonly name: string; readonly shape: readonly number[] }[] {
    return [...this.found].flatMap(([name, tensor]) => (tensor instanceof TorchTensor ? [{ name, shape: tensor.shape }] : []))
  }

  has(name: string): boolean {
    return this.found.get(name) instanceof TorchTensor
  }

  /** @throws UserError where there is no such tensor, or its numbers are not read here. */
  info(name: string): { readonly shape: readonly number[] } {
    return this.tensor(name)
  }

  /** Row-major, in single precision, with what is wrong where a value is not finite. @throws UserError where the file is shorter than it says. */
  readChecked(name: string): CheckedFloats {
    return checkFloats(this.read(name))
  }

  private read(name: string): Float32Array {
    const tensor = this.tensor(name)
    const { storage, type, offset, shape } = tensor
    const size = storage.type === null ? elementBytes(type) : storage.each
    const whole = storage.type === null ? Math.floor(storage.length / size) : storage.length
    const count = elements(shape)
    if (count === 0) return new Float32Array(0)
    const { isSwapped } = this.bytes
    if (isContiguous(tensor)) return elementsOf(type, this.bytes.read(storage, offset * size, count * size), isSwapped)
    return gather(elementsOf(type, this.bytes.read(storage, 0, whole * size), isSwapped), tensor)
  }

  private tensor(name: string): TorchTensor {
    const tensor = this.found.get(name)
    if (tensor instanceof TorchTensor) return tensor
    if (tensor) throw new UserError(`tensor "${name}" is ${tensor.why}`, { place: this.file, remedy: 'save it as a plain one' })
    const known = [...this.found.keys()]
    throw new UserError(`there is no tensor "${name}"`, {
      place: this.file,
      remedy: `it has ${known.slice(0, 5).join(', ')}${known.length > 5 ? `, … (${known.length} in all)` : ''}`,
    })
  }
}
