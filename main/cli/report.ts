import { existsSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import type { ReportSubject } from '../../shared/report/report'
import { reportFileName } from '../../shared/run-files'
import { printReport } from '../report/pdf'
import { toldSubject } from '../report/subject'
import { writeReport } from '../report/write'
import { wholeNumber } from './arguments'
import { type Command, jsonLine } from './command'
import { size } from '../text/format'

export const report: Command = {
  words: 'report',
  description:
    'a run, a comparison or an experiment as one HTML file that opens without a network, with charts that one can look into; or as PDF',
  arguments: [{ name: 'OF…', description: 'run:3, or several of them side by side; comparison:1; experiment:2', many: true }],
  options: [
    {
      name: 'out',
      value: 'FILE',
      description:
        'the file to write, .html or .pdf; without it a page here that is named by what it is of, run-3-proc-resnet.html, where none of that name is there; a PDF is printed by Chromium, Chrome, Edge, or the app where there is a display',
    },
  ],
  examples: [
    'normlab report run:3',
    'normlab report run:3 run:4 --out both.html',
    'normlab report experiment:2 --out deeper.pdf',
  ],
  async run({ lab, words, output, json }) {
    const subject = subjectOf(words.arguments('OF…'))
    const given = words.text('out')
    const out = path.resolve(given ?? reportFileName(subject, (await toldSubject(lab(), subject)).title, 'html'))
    if (given === undefined && existsSync(out))
      throw new UserError('there is already a file of this name', { place: out, remedy: 'name it with --out to write over it, or name another' }) // prettier-ignore
    const form = /\.(html?|pdf)$/i.exec(out)?.[1]!.toLowerCase()
    if (form === undefined)
      throw new UserError('a report is an HTML file or a PDF', { place: out, remedy: 'end it in .html or .pdf' })
    const write = (file: string) => writeReport(lab(), subject, file)
    const { title, bytes } = form === 'pdf' ? await printed(out, write) : await write(out)
    output.print(json ? jsonLine({ path: out, title, bytes }) : `“${title}” is in ${out} (${size(bytes)}).\n`)
    return 0
  },
}

async function printed(out: string, write: (file: string) => ReturnType<typeof writeReport>): ReturnType<typeof writeReport> {
  // Beside this program in the bundle.
  const { told, bytes } = await printReport(out, write, __dirname)
  return { title: told.title, bytes }
}

/** @throws UserError for words that are none, or that do not go together. */
function subjectOf(words: readonly string[]): ReportSubject {
  const found = words.map((word) => {
    const [, kind, number] = /^(run|comparison|experiment):(.+)$/.exec(word) ?? []
    if (kind === undefined)
      throw new UserError(`"${word.slice(0, 80)}" is nothing to report on`, {
        place: 'OF',
        remedy: 'use run:3, comparison:1 or experiment:2',
      })
    return { kind, id: wholeNumber(number!, 'OF', 1) }
  })
  const [first] = found
  if (found.every(({ kind }) => kind === 'run')) return { runs: found.map(({ id }) => id) }
  if (found.length > 1)
    throw new UserError('a report is of runs, or of one comparison, or of one experiment', {
      place: 'OF',
      remedy: 'write one report each',
    })
  return first!.kind === 'comparison' ? { comparison: first!.id } : { experiment: first!.id }
}
