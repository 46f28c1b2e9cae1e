import { UserError } from '../../../../shared/errors'
import type { Constant } from '../../../formats/onnx/model'

/** What is read anew of constants, all together: a file of a kilobyte may say gigabytes of its few numbers. */
const MOST = 2 ** 24
/** So often each number that is in the file, besides. */
const MOST_OF_EACH = 32

/** How many numbers one import has read for what nodes make of constants. */
export class Reads {
  private readonly known = new WeakSet<Constant>()

  /**
   * @param called What messages call the file.
   * @param left How many are read of a file with next to nothing in it.
   */
  constructor(
    private readonly called: string,
    private left = MOST,
  ) {}

  /** @throws UserError where it is more than any network needs. */
  add(constant: Constant, count: number): void {
    if (!this.known.has(constant)) this.left += MOST_OF_EACH * constant.length
    this.known.add(constant)
    this.left -= count
    if (this.left < 0)
      throw new UserError('its nodes turn, repeat or cut constants into far more numbers than are in it', {
        place: this.called,
        remedy: 'export the network again with its constants folded',
      })
  }
}
