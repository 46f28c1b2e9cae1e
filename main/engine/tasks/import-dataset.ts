import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../shared/errors'
import { recognise } from '../../datasets/import'
import type { FoundSet, Incoming } from '../../datasets/import/found'
import { ABOUT_FILE, ABOUT_VERSION, type About, IMAGES_FILE } from '../../datasets/imported/about'
import { PackedWriter } from '../../datasets/imported/packed-writer'
import { openTree } from '../../formats/trees'
import type { ImportTask, TaskProgress } from '../protocol'
import { tensorflow } from '../tensorflow/binding'
import { type Picture, PictureDecoder, type PictureFault } from '../pictures/decoder'

/** Pictures that are decoded together, and between two words of progress. */
const TOGETHER = 256
/** Pictures that are told one by one when they are left out. */
const TOLD = 20

/**
 * Brings a data set in: recognises it, reads and decodes its images, writes them packed.
 *
 * @returns what it came to; about.json says the same.
 * @throws UserError where the source is not what it looks like, or none of its images can be read.
 */
export async function importDataset(task: ImportTask, tell: (progress: TaskProgress) => void): Promise<About> {
  tell({ phase: 'looking', done: 0, total: 0 })
  // Its libraries take the most memory while they are loaded: best before the list of a million files lies beside them.
  tensorflow()
  const tree = await openTree(task.source)
  try {
    const kind = recognise(tree, task.choices.format)
    const found = await kind.open(tree, task.choices)
    const total = found.splits.reduce((sum, { images }) => sum + images, 0)
    if (total === 0) throw new UserError('there is no image in it', { place: task.source })
    const collector = new Collector(task, found)
    try {
      let done = 0
      for await (const incoming of found.images()) {
        collector.add(incoming)
        if (++done % TOGETHER === 0) tell({ phase: 'reading', done, total })
      }
      collector.flush()
      tell({ phase: 'checking', done: total, total })
      return collector.finish(tree.skipped.map(({ path: file, why }) => ({ file, why })))
    } finally {
      collector.close()
    }
  } finally {
    tree.close()
  }
}

/** Takes images as they come, decodes those that are files, and writes them where they belong. */
class Collector {
  private readonly decoder: PictureDecoder | undefined
  private readonly waiting: Extract<Incoming, { file: Uint8Array }>[] = []
  private readonly faults: { readonly file: string; readonly why: string }[] = []
  private readonly remarked = new Map<string, number>()
  private writer: PackedWriter | undefined
  private shape: FoundSet['shape']
  private channels: 1 | 3 | undefined
  private isDone = false

  constructor(
    private readonly task: ImportTask,
    private readonly found: FoundSet,
  ) {
    this.shape = found.shape
    this.channels = task.choices.channels
    this.decoder = found.shape === null ? new PictureDecoder() : undefined
  }

  add(incoming: Incoming): void {
    if ('pixels' in incoming) return this.put(incoming, incoming.pixels)
    this.waiting.push(incoming)
    if (this.waiting.length >= TOGETHER) this.flush()
  }

  flush(): void {
    if (this.waiting.length === 0) return
    const waiting = this.waiting.splice(0)
    this.channels ??= this.decoder!.areGrey(waiting.map(({ file }) => file)) ? 1 : 3
    const decoded = this.decoder!.decode(
      waiting.map(({ file }) => file),
      this.channels,
    )
    waiting.forEach((incoming, i) => this.take(incoming, decoded[i]!))
  }

  /** @param skipped Files that the source itself gave no way to. */
  finish(skipped: readonly { readonly file: string; readonly why: string }[]): About {
    const { task, found, shape } = this
    if (!this.writer || !shape)
      throw new UserError(`none of its ${this.faults.length} pictures can be read (${this.faults[0]?.why ?? 'there is none'})`, {
        place: task.source,
      })
    const { splits, hash } = this.writer.finish()
    this.isDone = true
    const about: About = {
      format: 'normlab/dataset',
      version: ABOUT_VERSION,
      name: task.name,
      shape: [...shape],
      classes: [...found.classes],
      splits,
      hash,
      source: { place: task.source, kind: found.format, choices: { ...task.choices } },
      remarks: [
        ...found.remarks,
        ...this.pictureRemarks(),
        ...told('could not be read and are left out', this.faults),
        ...told('were skipped', skipped),
      ],
      importedAt: new Date().toISOString(),
    }
    fs.writeFileSync(path.join(task.folder, ABOUT_FILE), `${JSON.stringify(about, null, 1)}\n`, { mode: 0o600 })
    return about
  }

  close(): void {
    this.decoder?.close()
    if (!this.isDone) this.writer?.abandon()
  }

  private take(incoming: Extract<Incoming, { file: Uint8Array }>, picture: Picture | PictureFault): void {
    if ('why' in picture) {
      this.faults.push({ file: incoming.path, why: picture.why })
      return
    }
    const { height, width, channels, pixels, remarks } = picture
    this.shape ??= [height, width, channels]
    if (height !== this.shape[0] || width !== this.shape[1])
      throw new UserError(`this picture has ${width}×${height} pixels, those before it ${this.shape[1]}×${this.shape[0]}`, {
        place: `${this.task.source}: ${incoming.path}`,
        remedy: 'images of one set have one size',
      })
    for (const remark of remarks) this.remarked.set(remark, (this.remarked.get(remark) ?? 0) + 1)
    this.put(incoming, pixels)
  }

  private put({ split, index, label }: Incoming, pixels: Uint8Array): void {
    this.writer ??= new PackedWriter(path.join(this.task.folder, IMAGES_FILE), { ...this.found, shape: this.shape! })
    this.writer.put(split, index, label, pixels)
  }

  private pictureRemarks(): string[] {
    return [...this.remarked].map(([remark, count]) => `${count} pictures: ${remark}`)
  }
}

function told(what: string, files: readonly { readonly file: string; readonly why: string }[]): string[] {
  if (files.length === 0) return []
  const some = files.slice(0, TOLD).map(({ file, why }) => `${file} (${why})`)
  return [`${files.length} files ${what}: ${some.join(', ')}${files.length > TOLD ? ', …' : ''}`]
}
