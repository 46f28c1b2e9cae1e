import path from 'node:path'
import type { NetworkTestResult } from '../../shared/api'
import { csvText } from '../../shared/csv'
import { UserError } from '../../shared/errors'
import { shortestSingle, shortestSingles } from '../../shared/float32'
import { writeFile } from '../files/write-file'
import { writeSafetensors } from '../formats/safetensors'

const FORMS = ['csv', 'json', 'safetensors'] as const
type Form = (typeof FORMS)[number]

/** By the file's ending. @throws UserError for one that is none of ours. */
export function logitsForm(out: string): Form {
  const ending = path.extname(out).slice(1).toLowerCase()
  const form = FORMS.find((one) => one === ending)
  if (form) return form
  throw new UserError('its ending says neither CSV, JSON nor safetensors', {
    place: `--out ${out}`,
    remedy: 'end it in .csv, .json or .safetensors',
  })
}

/** Image by image in the order of the split: its logits, its class, what it was taken for, its cross-entropy. */
export function writeLogits(out: string, form: Form, result: NetworkTestResult): void {
  const { labels, predictions, losses } = result
  const logits = result.logits!
  const classes = result.classes.map(({ name }) => name)
  const { network, data, split } = result
  const width = logits.length / labels.length
  const rowOf = (image: number): number[] => shortestSingles(logits.subarray(image * width, (image + 1) * width))
  const images = Array.from(labels, (label, image) => ({
    ...{ image, label: classes[label]!, prediction: classes[predictions[image]!] ?? predictions[image]! },
    loss: shortestSingle(losses[image]!),
  }))
  if (form === 'csv')
    return writeFile(
      out,
      csvText({
        comments: [`logits of ${network} on the ${split} split of ${data}; images in the order of the split`],
        columns: ['image', 'label', 'prediction', 'loss', ...Array.from({ length: width }, (_, k) => `logit_${classes[k] ?? k}`)],
        rows: images.map(({ image, label, prediction, loss }) => [image, label, prediction, loss, ...rowOf(image)]),
      }),
    )
  if (form === 'json') {
    const told = { network, data, split, classes, images: images.map((one) => ({ ...one, logits: rowOf(one.image) })) }
    return writeFile(out, `${JSON.stringify(told, null, 1)}\n`)
  }
  writeSafetensors(
    out,
    [
      { name: 'logits', shape: [labels.length, width], data: logits },
      { name: 'labels', shape: [labels.length], dtype: 'I32', data: labels },
      { name: 'predictions', shape: [labels.length], dtype: 'I32', data: predictions },
      { name: 'losses', shape: [labels.length], data: losses },
    ],
    { network, data, split, classes: JSON.stringify(classes) },
  )
}
