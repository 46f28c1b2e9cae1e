import type { NetworkForm } from '../../shared/network-forms'
import { isForeignName } from '../../shared/foreign-files'
import { reportLines } from '../../shared/import-report'
import { plainText } from '../../shared/run-labels'
import type { OpenLab } from '../lab'
import { grouped } from '../text/format'
import { jsonLine, type Output } from './command'
import { UserError } from '../../shared/errors'
import { wholeNumber } from './arguments'
import { finishJob } from './follow-job'

export const isForeign = isForeignName

/** Lines of a part of the report that are printed; --json has all. */
const TOLD = 20

/** Takes another program's network into the library, and tells what became of it. */
export async function importForeign(lab: OpenLab, file: string, output: Output, json: boolean): Promise<number> {
  const { item, report } = await finishJob(output, json, (tell) => lab.start('library.take', { source: file }, tell))
  if (json) {
    output.print(jsonLine({ ...item, document: undefined, report }))
    return 0
  }
  const from = [report.format, report.producer && `by ${plainText(report.producer, 60)}`].filter(Boolean).join(' ')
  const size = report.parameters === null ? '' : `, ${grouped(report.parameters)} parameters`
  output.print(`It is item ${item.id}: ${plainText(item.name)} (${from}${size}).\n`)
  for (const { title, lines } of reportLines(report)) {
    const more = lines.length > TOLD ? [`and ${lines.length - TOLD} more`] : []
    output.print(`${title}\n${[...lines.slice(0, TOLD), ...more].map((line) => `  ${plainText(line)}\n`).join('')}`)
  }
  output.print(
    report.unsupported.length > 0
      ? 'It cannot be trained before what is not known here is replaced; the designer shows where it stands.\n'
      : `Its weights came along; normlab train library:${item.id} trains it, normlab test library:${item.id} tests it.\n`,
  )
  return 0
}

/** Writes an item's or a run's network with its weights in another program's form. */
export async function exportForeign(
  lab: OpenLab,
  word: string,
  form: NetworkForm | undefined,
  out: string,
  output: Output,
  json: boolean,
): Promise<number> {
  if (form === undefined)
    throw new UserError('a run’s network is written for another program', {
      place: out,
      remedy: 'end the file in .onnx, .keras or .py',
    })
  const run = /^run:(.+)$/.exec(word)?.[1]
  const from = run === undefined ? { item: wholeNumber(word, 'ID', 1) } : { run: wholeNumber(run, 'ID', 1) }
  const written = await lab.request('library.write', { from, form, out })
  const { tensors, parameters, beside, notes } = written
  const size = `${grouped(parameters)} parameters`
  const weights = tensors === 0 ? `${size}, no weights` : `${size} in ${tensors} tensors`
  if (json) output.print(jsonLine(written))
  else {
    output.print(`${weights}: ${written.path}${beside === null ? '' : `, ${beside}`}\n`)
    output.print(notes.map((note) => `  ${plainText(note)}\n`).join(''))
  }
  return 0
}
