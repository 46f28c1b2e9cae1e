import { createHash } from 'node:crypto'
import { UserError } from '../../../shared/errors'
import { openSet, recognise } from '../../datasets/import'
import type { FoundSet } from '../../datasets/import/found'
import type { About } from '../../datasets/imported/about'
import { MOST_CLASSES } from '../../datasets/imported/import-progress'
import { type FileTree, openTree } from '../../formats/trees'
import type { ImportTask, TaskProgress } from '../questions'
import { tensorflow } from '../tensorflow/binding'
import { ImageCollector } from './image-collector'

/** Of how images are made of their files: those of an import that another version began are not gone on with. */
const READING_VERSION = 1
/** Images between two words of progress. */
const TOLD_EVERY = 256

/**
 * Brings a data set in: recognises it, reads and decodes its images, writes them packed. What an import of the same source, as it was
 * then, left in the folder is gone on with.
 *
 * @returns what it came to; about.json says the same.
 * @throws UserError where the source is not what it looks like, or none of its images can be read.
 */
export async function importDataset(task: ImportTask, tell: (progress: TaskProgress) => void): Promise<About> {
  tell({ phase: 'looking', done: 0, total: 0 })
  // Its libraries take the most memory while they are loaded: best before the list of a million files lies beside them.
  tensorflow()
  const source = await openTree(task.source)
  try {
    const kind = recognise(source, task.choices.format)
    const { set: found, tree } = await openSet(kind, source, task.choices)
    checkFound(found, task)
    const total = found.splits.reduce((sum, { images }) => sum + images, 0)
    const collector = new ImageCollector(task, found, signatureOf(task, found, tree))
    try {
      let done = collector.count()
      for await (const incoming of found.images((place) => !collector.has(place))) {
        if (collector.has(incoming)) continue
        collector.add(incoming)
        if (++done % TOLD_EVERY === 0) tell({ phase: 'reading', done, total })
      }
      collector.flush()
      tell({ phase: 'checking', done: total, total })
      return collector.finish(tree.skipped.map(({ path: file, why }) => ({ file, why })))
    } finally {
      collector.close()
    }
  } finally {
    source.close()
  }
}

function checkFound({ splits, classes }: FoundSet, { source }: ImportTask): void {
  if (splits.every(({ images }) => images === 0)) throw new UserError('there is no image in it', { place: source })
  if (classes.length > MOST_CLASSES)
    throw new UserError(`it has ${classes.length} classes, at most ${MOST_CLASSES} are known here`, { place: source })
}

/** Tells whether what was begun is what is asked for now: the source as it was, read in the same way. */
function signatureOf({ source, choices }: ImportTask, { format, classes, splits }: FoundSet, { fingerprint }: FileTree): string {
  const told = [READING_VERSION, source, fingerprint, Object.entries(choices).sort(), format, classes, splits]
  return createHash('sha256').update(JSON.stringify(told)).digest('hex')
}
