import path from 'node:path'
import { csvText } from '../../shared/csv'
import {
  checkKinds,
  type CheckName,
  checkNames,
  type DatasetChecks,
  type ImageRef,
  usualChecks,
} from '../../shared/datasets/checks'
import { UserError } from '../../shared/errors'
import { writeFile } from '../files/write-file'
import { type Command, jsonLine } from './command'
import { finishJob } from './follow-job'

/** Images and pairs of a check that are printed for people; the rest is in the file and in --json. */
const SHOWN = 5

export const checkCommand: Command = {
  words: 'datasets check',
  description:
    'looks for copies within and across splits, pictures with two labels, faulty images, empty classes; what it found is kept with the set',
  arguments: [{ name: 'NAME', description: 'the data set’s name' }],
  options: [
    { name: 'only', value: 'CHECK,…', description: 'these checks alone' },
    { name: 'labels', description: 'looks for label errors too, which trains small nets and takes minutes' },
    { name: 'again', description: 'looks again where a result is on record' },
    { name: 'repair', value: 'NEWNAME', description: 'prepares a set without the images that the check would leave out' },
    { name: 'out', value: 'FILE.csv', description: 'writes every image and pair that was found' },
  ],
  sections: [{ title: 'Checks:', rows: checkKinds.map(({ name, says }) => ({ left: name, text: says })) }],
  examples: ['normlab datasets check cifar10', 'normlab datasets check cifar10 --only exact-copies --out copies.csv'],
  async run({ lab, words, output, json }) {
    const name = words.argument('NAME')
    const named = words.text('only')?.split(',').map(checkNamed)
    const only = words.flag('labels') ? [...new Set([...(named ?? usualChecks), 'label-errors' as const])] : named
    const input = { name, again: words.flag('again'), ...(only && { only }) }
    const found = await finishJob(output, json, (tell) => lab().start('datasets.check', input, tell))
    const out = words.text('out')
    if (out !== undefined) await writeFile(path.resolve(out), csv(found))
    const repaired = words.text('repair')
    if (repaired !== undefined) {
      if (!found.repair)
        throw new UserError('there is nothing to leave out', { place: `data set "${name}"`, remedy: 'leave out --repair' })
      const steps = [{ step: 'leave-out' as const, images: found.repair.images }]
      await finishJob(output, json, (tell) => lab().start('datasets.prepare', { source: name, name: repaired, steps }, tell))
    }
    output.print(json ? jsonLine({ ...found, ...(repaired !== undefined && { repaired }) }) : text(found))
    return 0
  },
}

function checkNamed(word: string): CheckName {
  const known = checkNames.find((name) => name === word.trim())
  if (known) return known
  throw new UserError(`there is no check "${word.trim()}"`, { place: '--only', remedy: `use ${checkNames.join(', ')}` })
}

function text({ name, verdict, findings, repair, classes }: DatasetChecks): string {
  const at = ({ split, index, label }: ImageRef): string => `${split}/${index} (${classes[label] ?? label})`
  const lines = [`${name}: ${verdict}`, '']
  for (const { check, sentence, images, pairs } of findings) {
    lines.push(`${checkKinds.find((kind) => kind.name === check)!.label}: ${sentence}`)
    for (const { a, b, turn, likeness } of pairs.slice(0, SHOWN))
      lines.push(`  ${at(a)} = ${at(b)}${check === 'exact-copies' ? '' : `, ${turn}, likeness ${likeness.toFixed(3)}`}`)
    for (const image of images.slice(0, SHOWN))
      lines.push(`  ${at(image)}${image.likely === undefined ? '' : `, likely ${classes[image.likely]!}`}`)
    const more = Math.max(pairs.length, images.length) - SHOWN
    if (more > 0) lines.push(`  … and ${more.toLocaleString('en-US')} more (--out FILE.csv has all)`)
  }
  if (repair) {
    const counts = Object.entries(repair.images).map(
      ([split, indices]) => `${indices.length.toLocaleString('en-US')} of ${split}`,
    )
    lines.push('', `To leave out: ${counts.join(', ')}. ${repair.rule}`)
  }
  return `${lines.join('\n')}\n`
}

/** A row an image or pair; the second image's columns are empty where there is none. */
function csv({ name, hash, verdict, findings, classes, repair }: DatasetChecks): string {
  const image = (ref: ImageRef | undefined): (string | number | null)[] =>
    ref ? [ref.split, ref.index, classes[ref.label] ?? String(ref.label)] : [null, null, null]
  const left = new Map(Object.entries(repair?.images ?? {}).map(([split, indices]) => [split, new Set(indices)]))
  const isLeft = (ref: ImageRef | undefined): boolean | null => (ref ? (left.get(ref.split)?.has(ref.index) ?? false) : null)
  const rows = findings.flatMap(({ check, images, pairs }) => [
    ...pairs.map(({ a, b, turn, likeness, detail }) => [
      check,
      ...image(a),
      ...image(b),
      turn,
      likeness,
      detail,
      null,
      null,
      isLeft(a),
      isLeft(b),
    ]),
    ...images.map((one) => [
      ...[check, ...image(one), null, null, one.likely === undefined ? null : (classes[one.likely] ?? String(one.likely))],
      ...[null, null, null, one.value, isLeft(one), null],
    ]),
  ])
  return csvText({
    comments: [`${name} (${hash})`, verdict],
    columns: [
      ...['check', 'split', 'index', 'class', 'other_split', 'other_index', 'other_class', 'turn', 'likeness', 'detail', 'value'],
      ...['left_out', 'other_left_out'],
    ],
    rows,
  })
}
