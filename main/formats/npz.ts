import { UserError } from '../../shared/errors'
import { asSingles, type FileArray } from './array'
import { type CheckedFloats, checkFloats } from './checked-floats'
import { readNpy } from './npy'
import { openZip } from './trees/zip-tree'

/** Arrays by name, as `numpy.savez` writes them. */
export class NpzFile {
  private constructor(
    /** As messages call it. */
    readonly file: string,
    private readonly arrays: ReadonlyMap<string, FileArray>,
  ) {}

  /**
   * Reads all of it: what is packed cannot be read in parts.
   *
   * @param name What messages call it.
   * @throws UserError where it is damaged, unpacks to far more than it is, or holds what are no numbers.
   */
  static async open(file: string, name: string): Promise<NpzFile> {
    const tree = await openZip(file, name, LIMIT)
    try {
      const arrays = new Map<string, FileArray>()
      for await (const { path, bytes } of tree.read((entry) => entry.endsWith('.npy')))
        arrays.set(path.slice(0, -'.npy'.length), readNpy(bytes, `${name}: ${path}`))
      if (arrays.size === 0)
        throw new UserError('it is a zip without arrays', { place: name, remedy: 'save them with numpy.savez' })
      return new NpzFile(name, arrays)
    } finally {
      tree.close()
    }
  }

  close(): void {
    // All of it was read when it was opened.
  }

  get tensors(): readonly { readonly name: string; readonly shape: readonly number[] }[] {
    return [...this.arrays].map(([name, { shape }]) => ({ name, shape }))
  }

  has(name: string): boolean {
    return this.arrays.has(name)
  }

  /** @throws UserError where there is no such array. */
  info(name: string): { readonly shape: readonly number[] } {
    return this.array(name)
  }

  readChecked(name: string): CheckedFloats {
    const array = this.array(name)
    return checkFloats(asSingles(array), array.data)
  }

  private array(name: string): FileArray {
    const array = this.arrays.get(name)
    if (array) return array
    const known = [...this.arrays.keys()]
    throw new UserError(`there is no tensor "${name}"`, {
      place: this.file,
      remedy: `it has ${known.slice(0, 5).join(', ')}${known.length > 5 ? `, … (${known.length} in all)` : ''}`,
    })
  }
}

/** What is learned does not pack well: more than this is a bomb. */
const LIMIT = {
  ratio: 100,
  remedy: 'choose a file of weights that you trust, or save it again without packing, with numpy.savez',
}
