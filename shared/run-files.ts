import { z } from 'zod'
import { ItemId, WeightsSource } from './library'
import { NETWORK_FORMS, NetworkForm } from './network-forms'
import { ReportSubject } from './report/report'
import { RunId } from './run-id'

/** Forms in which a run is taken away, and how their files end. */
export const RUN_FORMATS = { bundle: 'normlab', csv: 'csv', json: 'json', tensorboard: 'tfevents' } as const
export const RunFormat = z.enum(['bundle', 'csv', 'json', 'tensorboard'])
export type RunFormat = z.infer<typeof RunFormat>

/** What a page asks of the app or of the server: the place is chosen by the person, never by the page. */
export const FileRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('export'), runs: z.array(RunId).min(1).max(10_000), format: RunFormat }),
  z.strictObject({ kind: z.literal('import') }),
  z.strictObject({ kind: z.literal('export-weights'), from: WeightsSource }),
  z.strictObject({ kind: z.literal('export-network'), item: ItemId, form: NetworkForm }),
  z.strictObject({ kind: z.literal('import-weights'), item: ItemId }),
  z.strictObject({ kind: z.literal('export-report'), subject: ReportSubject, format: z.enum(['html', 'pdf']) }),
  z.strictObject({ kind: z.literal('export-diagnostics') }),
  z.strictObject({ kind: z.literal('export-dataset'), name: z.string().min(1).max(200) }),
])
export type FileRequest = z.input<typeof FileRequest>

/** What is said of a network that goes out through the server, as the component of an address is written. */
export const NOTES_HEADER = 'x-normlab-notes'

/** `run-3-proc-resnet.csv`: a name that every file system takes. */
export const fileName = (id: number, name: string, format: RunFormat): string =>
  `${numbered('run', id, name)}.${RUN_FORMATS[format]}`

/** Runs that a report's file is named by before the others are counted. */
const MOST_NAMED = 8

/** `run-3-proc-resnet.html`, `experiment-2-deeper-nets.pdf`, `comparison-1-both.html`; of runs that no name holds together `runs-3,4.html`. */
export function reportFileName(subject: ReportSubject, name: string, format: 'html' | 'pdf'): string {
  if ('comparison' in subject) return `${numbered('comparison', subject.comparison, name)}.${format}`
  if ('experiment' in subject) return `${numbered('experiment', subject.experiment, name)}.${format}`
  const runs = [...new Set(subject.runs)]
  if (runs.length === 1) return `${numbered('run', runs[0]!, name)}.${format}`
  const more = runs.length > MOST_NAMED ? `-and-${runs.length - MOST_NAMED}-more` : ''
  return `runs-${runs.slice(0, MOST_NAMED).join(',')}${more}.${format}`
}

/** Where the server has a report as a page: `runs-3,4.html`, `experiment-2.html`. */
export function reportAddress(subject: ReportSubject): string {
  const [kind, numbers] = Object.entries(subject)[0] as [string, number | number[]]
  return `${kind}-${String(numbers)}.html`
}

/** How a backup of the data folder is called: `normlab-2026-11-30.normlab.tar`. */
export const backupFileName = (now: Date): string => `normlab-${now.toISOString().slice(0, 10)}.normlab.tar`

/** How a text with diagnostics is called. */
export const DIAGNOSTICS_FILE = 'normlab-diagnostics.txt'

/** How files of weights end. */
export const WEIGHTS_FORMAT = 'safetensors'

/** `my-resnet.safetensors`: likewise, from the name of whatever has the weights. */
export function weightsFileName(name: string): string {
  return `${plainName(name) || 'weights'}.${WEIGHTS_FORMAT}`
}

/** `my-resnet.onnx`: likewise. */
export function networkFileName(name: string, form: NetworkForm): string {
  return `${plainName(name) || 'network'}.${NETWORK_FORMS[form].ending}`
}

/** `cifar10.safetensors`: likewise, from a data set's name. */
export function datasetFileName(name: string): string {
  return `${plainName(name) || 'dataset'}.${DATASET_FORMAT}`
}

/** How files of data sets end that are taken away. */
export const DATASET_FORMAT = 'safetensors'

/** What a page asks of the app's dialog: files or a folder as a source, a backup or where one is to be written, a data folder or the place of one. What it hears of the one that was chosen: */
export const SourceRequest = z.strictObject({ what: z.enum(['files', 'folder', 'new-backup', 'backup', 'data-folder']) })
export type SourceRequest = z.input<typeof SourceRequest>
export interface GivenSource {
  /** The word for it; see `ChosenSource`. */
  readonly chosen: string
  /** Its path's last part. */
  readonly name: string
}

function numbered(kind: string, id: number, name: string): string {
  const plain = plainName(name)
  return `${kind}-${id}${plain ? `-${plain}` : ''}`
}

function plainName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80)
}
