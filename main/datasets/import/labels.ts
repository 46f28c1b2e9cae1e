import { countWords } from '../../../shared/count-words'
import { UserError } from '../../../shared/errors'
import { asDoubles, type FileArray } from '../../formats/array'

/**
 * Labels out of an array: N whole numbers, N×1 of them, or one-hot rows.
 *
 * @throws UserError for fractions, negative ones, and rows that are neither.
 */
export function labelsOf(array: FileArray, place: string): Int32Array {
  const { shape } = array
  const [count = 0, width = 1] = shape
  const values = asDoubles(array, place)
  if (shape.length === 2 && width > 1) return hotRows(values, count, width, place)
  if (shape.length !== 1 && !(shape.length === 2 && width === 1))
    throw new UserError(`labels of shape ${shape.join('×')} are neither a list nor one-hot rows`, { place })
  return Int32Array.from(values, (value, i) => {
    if (!Number.isInteger(value) || value < 0 || value > 1e6)
      throw new UserError(`label ${i} is ${Number.isNaN(value) ? 'not a number' : value}, not a class's number from 0 up`, {
        place,
        remedy: 'number the classes 0, 1, 2, …',
      })
    return value
  })
}

function hotRows(values: Float64Array, count: number, width: number, place: string): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => {
    const cells = values.subarray(row * width, (row + 1) * width)
    const hot = cells.indexOf(1)
    if (hot < 0 || cells.some((value, i) => value !== (i === hot ? 1 : 0)))
      throw new UserError(`row ${row} of the labels is not one-hot`, {
        place,
        remedy: 'give one number an image, or rows of one 1',
      })
    return hot
  })
}

/**
 * Classes named by their numbers: from 0, or from the least label where none is 0, as EMNIST's letters count from 1.
 *
 * @returns names, what to take from each label, and what is to be said of them.
 */
export function numberedClasses(labels: readonly Int32Array[]): { classes: string[]; first: number; remarks: string[] } {
  let least = Infinity
  let most = 0
  const seen = new Set<number>()
  for (const list of labels)
    for (const label of list) {
      seen.add(label)
      if (label < least) least = label
      if (label > most) most = label
    }
  const first = Number.isFinite(least) && least > 0 ? least : 0
  const classes = Array.from({ length: most - first + 1 }, (_, i) => String(first + i))
  const empty = classes.filter((_, i) => !seen.has(first + i))
  const remarks: string[] = []
  if (first > 0) remarks.push(`labels begin at ${first}; the classes are named ${classes[0]} to ${classes[classes.length - 1]}`)
  if (empty.length > 0) remarks.push(`${countWords(empty.length, 'class')} without an image: ${empty.slice(0, 10).join(', ')}`)
  return { classes, first, remarks }
}
