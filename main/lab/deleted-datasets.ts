import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import type { Catalogue } from '../datasets/catalogue'
import type { Ownership } from '../store/ownership'

/** How long a deleted set can be brought back while its lab is open, milliseconds. */
const KEPT_MS = 600_000

interface Deleted {
  readonly from: string
  readonly aside: string
  readonly timer: NodeJS.Timeout
}

/** Sets that were deleted a moment ago: out of the list at once, gone for good when their time is over or the lab is closed. */
export class DeletedDatasets {
  private readonly sets = new Map<string, Deleted>()

  constructor(
    private readonly catalogue: Catalogue,
    private readonly ownership: Ownership,
  ) {}

  /** @throws UserError where there is no such set, or it is part of the program. */
  remove(name: string): void {
    const from = this.catalogue.folderOf(name)
    this.purge(name)
    const aside = path.join(this.catalogue.folder, `.deleted-${this.ownership.id}-${randomBytes(4).toString('hex')}`)
    fs.renameSync(from, aside)
    const timer = setTimeout(() => this.purge(name), KEPT_MS)
    timer.unref()
    this.sets.set(name, { from, aside, timer })
  }

  /** @throws UserError where it is gone, or another has its name by now. */
  restore(name: string): void {
    const set = this.sets.get(name)
    if (!set)
      throw new UserError('it cannot be brought back any more', { place: `data set "${name}"`, remedy: 'import it again' })
    if (this.catalogue.list().some((other) => other.name === name))
      throw new UserError('there is another data set of this name by now', {
        place: `data set "${name}"`,
        remedy: 'delete that one first',
      })
    fs.renameSync(set.aside, set.from)
    clearTimeout(set.timer)
    this.sets.delete(name)
  }

  close(): void {
    for (const name of [...this.sets.keys()]) this.purge(name)
  }

  private purge(name: string): void {
    const set = this.sets.get(name)
    if (!set) return
    clearTimeout(set.timer)
    this.sets.delete(name)
    fs.rmSync(set.aside, { recursive: true, force: true })
  }
}
