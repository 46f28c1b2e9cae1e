import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import type { DatasetSummary } from '../../shared/api'
import type { DataChoice } from '../../shared/configuration'
import { isMade, madeKinds } from '../../shared/datasets/made'
import { UserError } from '../../shared/errors'
import { type Dataset, type OpenSplit, sampleBytes, type Split } from './dataset'
import { digits } from './digits'
import { ABOUT_FILE } from './imported/about'
import { importedSet } from './imported/imported-set'
import { checkRoles } from './roles'
import { madeSet } from './made'
import { shapes10 } from './shapes10'

const BUILT_IN: readonly Dataset[] = [shapes10, digits, ...madeKinds.map(({ name }) => madeSet(name))]

/** A set as a run takes it: what it is, the split that it is trained on and the one that it is tested on. */
export interface OpenDataset {
  readonly summary: DatasetSummary
  readonly train: Split
  readonly test: Split
  close(): void
}

/** A choice of data without splits takes `train` and `test`. */
export type AskedData = Pick<DataChoice, 'name'> & Partial<DataChoice>

/** An imported set's folder that holds none that can be read. */
export interface UnreadableSet {
  readonly folder: string
  readonly why: string
}

/** Images of each split that the hash of a built-in set looks at. */
const HASHED = 256

/** Where a data folder has its imported sets. */
export const datasetsFolder = (home: string): string => path.join(home, 'datasets')

/**
 * The data sets there are: those that are part of the program, and those that were brought into a data folder. What lies in the
 * folder is looked at anew where it has changed, as another process may import and delete, too.
 */
export class Catalogue {
  private readonly known = new Map<string, { readonly changed: number; readonly set: Dataset | UserError }>()

  /** @param folder Where imported sets lie, a folder each; it need not be there. */
  constructor(readonly folder: string) {}

  list(): DatasetSummary[] {
    return this.all().map(({ summary }) => summary)
  }

  /** Folders that hold no set that can be read, so that they can be told and taken away. */
  unreadable(): UnreadableSet[] {
    this.look()
    return [...this.known].flatMap(([folder, { set }]) => (set instanceof UserError ? [{ folder, why: set.message }] : []))
  }

  /** What is known of a set without opening it. @throws UserError where there is none of this name. */
  describe(name: string): DatasetSummary {
    return this.find(name).summary
  }

  /**
   * The set that a run was started with, by its hash: under its own name, or under another where it was imported again.
   *
   * @param hash Of an imported set as it was when the run was started; without it the name alone says which.
   * @throws UserError where it is gone or has changed, which says what can be done.
   */
  describeOfRun(name: string, hash: string | undefined): DatasetSummary {
    return this.findOfRun(name, hash).summary
  }

  /** The folder of an imported set. @throws UserError where there is none of this name, or it is built in. */
  folderOf(name: string): string {
    const { summary } = this.find(name)
    const found = [...this.known].find(([, { set }]) => !(set instanceof UserError) && set.summary === summary)
    if (found) return found[0]
    throw new UserError('it is part of the program', { place: `data set "${name}"`, remedy: 'choose one that was imported' })
  }

  /**
   * The two splits that a run takes; whoever opens them closes them.
   *
   * @param hash Of the set as it was when the run was started.
   * @throws UserError for an unknown name, or where a split is missing or has fewer images than asked, or has changed since the run began.
   */
  open(asked: AskedData, hash?: string): OpenDataset {
    const choice = { trainSplit: 'train', testSplit: 'test', ...asked }
    const dataset = this.findOfRun(choice.name, hash)
    const sizes = checkRoles(dataset.summary, choice)
    const train = dataset.openSplit(choice.trainSplit, { images: sizes.train })
    const test = dataset.openSplit(choice.testSplit, { images: sizes.test })
    return {
      ...{ summary: dataset.summary, train, test },
      close() {
        train.close()
        test.close()
      },
    }
  }

  /**
   * One split, whole or so many images of it; whoever opens it closes it.
   *
   * @param hash Of the set as a run was started with it.
   * @throws UserError where there is no such set or split.
   */
  openSplit(name: string, split: string, images?: number, hash?: string): OpenSplit {
    return this.findOfRun(name, hash).openSplit(split, { images })
  }

  /**
   * Tells whether two machines train on the same data: an imported set's own hash; else SHA-256 over the splits' sizes, all labels,
   * and the first images.
   */
  hash(choice: AskedData): string {
    const dataset = this.find(choice.name)
    if (dataset.summary.hash !== undefined) return dataset.summary.hash
    const open = this.open(choice)
    try {
      const hash = createHash('sha256')
      for (const split of [open.train, open.test]) {
        const { length, shape, labels } = split
        hash.update(JSON.stringify([length, shape])).update(labels)
        const image = new Uint8Array(sampleBytes(split))
        for (let i = 0; i < Math.min(HASHED, length); i++) {
          split.read(i, image, 0)
          hash.update(image)
        }
      }
      return hash.digest('hex')
    } finally {
      open.close()
    }
  }

  private findOfRun(name: string, hash: string | undefined): Dataset {
    if (hash === undefined) return this.find(name)
    const all = this.all()
    const named = all.find(({ summary }) => summary.name === name)
    const found = named?.summary.hash === hash ? named : all.find(({ summary }) => summary.hash === hash)
    if (found) return found
    const short = `${hash.slice(0, 12)}…`
    const again = 'import or prepare it again as it was, under any name: it is known by its hash'
    if (!named)
      throw new UserError(`the set that this run was started with (hash ${short}) is gone`, {
        place: `data set "${name}"`,
        remedy: again,
      })
    throw new UserError(`its images or labels are others than when this run was started (hash ${short} then)`, {
      place: `data set "${name}"`,
      remedy: `start a new run on it as it is now, or ${again}`,
    })
  }

  private all(): Dataset[] {
    return [...BUILT_IN, ...this.imported()]
  }

  private find(name: string): Dataset {
    const all = this.all()
    const found = all.find(({ summary }) => summary.name === name)
    if (found) return found
    // Numbers of a made set stand behind a colon, which no imported one's name has.
    if (isMade(name)) return madeSet(name)
    throw new UserError('there is no such data set', {
      place: `data set "${name}"`,
      remedy: `use ${all
        .map(({ summary }) => summary.name)
        .slice(0, 20)
        .join(' or ')}`,
    })
  }

  private imported(): Dataset[] {
    this.look()
    return [...this.known.values()].flatMap(({ set }) => (set instanceof UserError ? [] : [set]))
  }

  private look(): void {
    const folders = setFolders(this.folder)
    for (const folder of this.known.keys()) if (!folders.includes(folder)) this.known.delete(folder)
    for (const folder of folders) {
      const changed = fs.statSync(path.join(folder, ABOUT_FILE), { throwIfNoEntry: false })?.mtimeMs ?? 0
      if (this.known.get(folder)?.changed !== changed) this.known.set(folder, { changed, set: readSet(folder) })
    }
  }
}

/** Those whose name begins with a point are being made, or taken away. */
function setFolders(folder: string): string[] {
  try {
    const items = fs.readdirSync(folder, { withFileTypes: true })
    return items
      .filter((item) => item.isDirectory() && !item.name.startsWith('.'))
      .map((item) => path.join(folder, item.name))
      .sort()
  } catch {
    return []
  }
}

function readSet(folder: string): Dataset | UserError {
  try {
    return importedSet(folder)
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}
