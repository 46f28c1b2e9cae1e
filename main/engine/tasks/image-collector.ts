import { countWords } from '../../../shared/count-words'
import { chooseBy } from '../../../shared/datasets/import-questions'
import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../../../shared/errors'
import type { FoundSet, Incoming, IsWanted } from '../../datasets/import/found'
import { type FileFault, listedFaults } from '../../datasets/import/remarks'
import { ABOUT_FILE, ABOUT_VERSION, type About, IMAGES_FILE } from '../../datasets/imported/about'
import { ImportProgress } from '../../datasets/imported/import-progress'
import { PackedWriter } from '../../datasets/imported/packed-writer'
import { OWNERS, writeFile } from '../../files/write-file'
import { type Picture, PICTURE_REMARKS, PictureDecoder, type PictureFault } from '../pictures/decoder'
import type { ImportTask } from '../questions'

/** Pictures that are decoded together: so many, or so many bytes of files. */
const TOGETHER = 256
const TOGETHER_BYTES = 2 ** 24
/** What an import that is killed may lose: so many pictures that were decoded, so many bytes of images; the disk is waited for each time. */
const UNSAVED_PICTURES = 1024
const UNSAVED_BYTES = 2 ** 26

type IncomingFile = Extract<Incoming, { file: Uint8Array }>

/** Takes images as they come, decodes those that are files, and writes them where they belong. One owner, who closes it. */
export class ImageCollector {
  private readonly decoder: PictureDecoder | undefined
  private waiting: IncomingFile[] = []
  private waitingBytes = 0
  private readonly faults: FileFault[] = []
  private readonly odd: FileFault[] = []
  /** There once the images' shape is known. */
  private made: { readonly writer: PackedWriter; readonly progress: ImportProgress } | undefined
  private shape: FoundSet['shape']
  private channels: 1 | 3 | undefined
  private unsavedPictures = 0
  private unsavedBytes = 0

  /** @param signature Tells whether what lies in the folder is the beginning of this import. */
  constructor(
    private readonly task: ImportTask,
    private readonly found: FoundSet,
    private readonly signature: string,
  ) {
    this.shape = found.shape
    this.channels = task.choices.channels
    this.decoder = found.shape === null ? new PictureDecoder() : undefined
    this.resume()
  }

  /** Images that an earlier import brought in. */
  count(): number {
    return this.made?.progress.count() ?? 0
  }

  has({ split, index }: Parameters<IsWanted>[0]): boolean {
    return this.made?.progress.has(split, index) ?? false
  }

  add(incoming: Incoming): void {
    if ('pixels' in incoming) return this.put(incoming, incoming.pixels, 0)
    this.waiting.push(incoming)
    this.waitingBytes += incoming.file.length
    if (this.waiting.length >= TOGETHER || this.waitingBytes >= TOGETHER_BYTES) this.flush()
  }

  /** Decodes what waits. */
  flush(): void {
    const { waiting } = this
    if (waiting.length === 0) return
    this.waiting = []
    this.waitingBytes = 0
    const files = waiting.map(({ file }) => file)
    this.channels ??= this.decoder!.areGrey(files) ? 1 : 3
    const decoded = this.decoder!.decode(files, this.channels)
    waiting.forEach((incoming, i) => this.take(incoming, decoded[i]!))
  }

  /** @param skipped Files that the source itself gave no way to. */
  finish(skipped: readonly FileFault[]): About {
    const { task, found, shape, made } = this
    if (!made || !shape)
      throw new UserError(
        `${this.faults.length === 1 ? 'its one picture cannot' : `none of its ${countWords(this.faults.length, 'picture')} can`} be read (${this.faults[0]?.why ?? 'there is none'})`,
        {
          place: task.source,
        },
      )
    this.save()
    const { writer, progress } = made
    const { splits, hash } = writer.finish(progress.labels(), () => progress.discard())
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
        ...progress
          .marks()
          .flatMap((count, bit) =>
            count === 0 ? [] : [`${countWords(count, 'picture')}: ${PICTURE_REMARKS[bit] ?? 'changed'}`],
          ),
        ...listedFaults(['could not be read and is left out', 'could not be read and are left out'], this.faults),
        ...listedFaults(['has another size and is left out', 'have other sizes and are left out'], this.odd),
        ...listedFaults(['was skipped', 'were skipped'], skipped),
      ],
      importedAt: new Date().toISOString(),
    }
    writeFile(path.join(task.folder, ABOUT_FILE), `${JSON.stringify(about, null, 1)}\n`, OWNERS)
    progress.discard()
    return about
  }

  close(): void {
    this.decoder?.close()
    this.made?.writer.close()
    this.made?.progress.close()
  }

  /** Goes on with what the same import left; anything else that lies in the folder is taken away. */
  private resume(): void {
    const { folder } = this.task
    const images = path.join(folder, IMAGES_FILE)
    const progress = ImportProgress.resume(
      folder,
      this.signature,
      this.found.splits.map((split) => split.images),
    )
    if (progress && fs.existsSync(images)) {
      this.shape = progress.shape
      this.channels = progress.shape[2] === 1 ? 1 : 3
      this.made = { progress, writer: new PackedWriter(images, { ...this.found, shape: progress.shape }, true) }
      return
    }
    progress?.close()
    for (const name of fs.readdirSync(folder)) fs.rmSync(path.join(folder, name), { recursive: true, force: true })
  }

  private take(incoming: IncomingFile, picture: Picture | PictureFault): void {
    if ('why' in picture) {
      this.faults.push({ file: incoming.path, why: picture.why })
      return
    }
    const { height, width, channels, pixels, marks } = picture
    this.shape ??= [height, width, channels]
    const isOdd = height !== this.shape[0] || width !== this.shape[1]
    if (isOdd && this.task.choices.otherSizes === 'leave-out') {
      this.odd.push({ file: incoming.path, why: `${height}×${width}, not ${this.shape[0]}×${this.shape[1]}` })
      return
    }
    if (isOdd)
      throw new UserError(
        `this picture has ${height}×${width} pixels (height × width), those before it ${this.shape[0]}×${this.shape[1]}`,
        {
          place: `${this.task.source}: ${incoming.path}`,
          remedy: `images of one set have one size; ${chooseBy('otherSizes')}`,
        },
      )
    this.unsavedPictures++
    this.put(incoming, pixels, marks)
  }

  private put({ split, index, label }: Incoming, pixels: Uint8Array, marks: number): void {
    const { writer, progress } = (this.made ??= this.begin())
    writer.put(split, index, pixels)
    progress.mark(split, index, label, marks)
    this.unsavedBytes += pixels.length
    if (this.unsavedPictures >= UNSAVED_PICTURES || this.unsavedBytes >= UNSAVED_BYTES) this.save()
  }

  private begin(): { writer: PackedWriter; progress: ImportProgress } {
    const { folder } = this.task
    const shape = this.shape!
    const writer = new PackedWriter(path.join(folder, IMAGES_FILE), { ...this.found, shape })
    const counts = this.found.splits.map(({ images }) => images)
    try {
      return { writer, progress: ImportProgress.begin(folder, this.signature, counts, shape) }
    } catch (error) {
      writer.close()
      throw error
    }
  }

  /** Images first, then the word that they are there. */
  private save(): void {
    this.made?.writer.sync()
    this.made?.progress.save()
    this.unsavedPictures = 0
    this.unsavedBytes = 0
  }
}
