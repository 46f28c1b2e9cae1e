import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import type { Lab } from '../../shared/api'
import { RUN_FORMATS, type RunFormat, fileName } from '../../shared/run-files'
import { DATASETS_PATH, sendDataset, takeSource } from './dataset-files'
import { inTemporaryFolder, receive, sendFile, tell, writeOut } from './file-exchange'
import { isRecorded, takeRecords } from './recorded-runs'
import { REPORTS_PATH, sendReport } from './report-files'
import { WEIGHTS_PATH, exchangeWeights } from './weight-files'

/** Where runs come and go as files: `GET /files/3.csv`, `POST /files`; weights beneath. Only with the token. */
const FILES_PATH = '/files'
/** More than any run's bundle. */
const MOST_BYTES = 64e9

/** Whether a request is for a file rather than for a page. */
export function isFileRequest({ url = '', method }: IncomingMessage): boolean {
  if (method === 'POST')
    return isRecorded(url) || isBundle(url) || url === WEIGHTS_PATH || url.startsWith(`${WEIGHTS_PATH}/`) || isOfDatasets(url)
  return method === 'GET' && url.startsWith(`${FILES_PATH}/`)
}

const isBundle = (url: string): boolean => url === FILES_PATH || url.startsWith(`${FILES_PATH}?`)

function isOfDatasets(url: string): boolean {
  return url.startsWith(`${DATASETS_PATH}?`) || url.startsWith(`${DATASETS_PATH}/`)
}

/** Answers a request for a run's file or a network's weights, or takes one of these in. */
export function exchangeFile(
  lab: Lab,
  request: IncomingMessage,
  response: ServerResponse,
  log: (text: string) => void,
): Promise<void> {
  return inTemporaryFolder(response, log, (folder) => {
    const { url = '', method } = request
    if (isRecorded(url)) return takeRecords(lab, request, response, folder)
    if (isOfDatasets(url))
      return method === 'POST' ? takeSource(lab, request, response) : sendDataset(lab, request, response, folder)
    if (method === 'GET' && url.startsWith(`${REPORTS_PATH}/`)) return sendReport(lab, request, response, folder)
    if (method !== 'POST') return handOut(lab, request, response, folder)
    return isBundle(url) ? takeIn(lab, request, response, folder) : exchangeWeights(lab, request, response, folder)
  })
}

async function handOut(lab: Lab, request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  const match = /^\/files\/(\d{1,9})\.(\w+)$/.exec(request.url ?? '')
  const format = (Object.keys(RUN_FORMATS) as RunFormat[]).find((name) => RUN_FORMATS[name] === match?.[2])
  if (!match || !format) return tell(response, 404, 'There is no such file.')
  const run = Number(match[1])
  const { name } = await lab.request('runs.show', { run })
  const out = path.join(folder, 'run')
  await writeOut(folder, lab.request('runs.export', { run, out, format }))
  await sendFile(response, out, fileName(run, name, format))
}

async function takeIn(lab: Lab, request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  // The reader's own word for the file, of which event files have their run's name; nothing of a path in it.
  const told = new URL(request.url ?? '', 'http://localhost').searchParams.get('name') ?? ''
  const file = path.join(
    folder,
    told
      .replace(/[^\w.-]+/g, '-')
      .replace(/^[-.]+/, '')
      .slice(0, 100) || 'bundle.normlab',
  )
  await receive(request, file, MOST_BYTES)
  const { id, name } = await lab.request('runs.import', { file })
  tell(response, 200, `Taken in: ${name} as run ${id}.`)
}
