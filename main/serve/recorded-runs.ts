import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import type { Lab, RequestInput } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { StoreFailure } from '../store/failures'
import { receive, SECURITY_HEADERS_OF_JSON, tell } from './file-exchange'

/** Where programs that train elsewhere tell of their runs: `POST /recorded`, and weights to `POST /recorded/SESSION/STEP`. Only with the token. */
const RECORDED_PATH = '/recorded'
const MOST_RECORD_BYTES = 32e6
const MOST_WEIGHT_BYTES = 16e9

export function isRecorded(url: string): boolean {
  return url === RECORDED_PATH || url.startsWith(`${RECORDED_PATH}/`)
}

export async function takeRecords(lab: Lab, request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  const file = path.join(folder, 'told')
  const { url = '' } = request
  const weights = /^\/recorded\/([0-9a-f]{32})\/(\d{1,9})$/.exec(url)
  if (url !== RECORDED_PATH && !weights) return tell(response, 404, 'There is no such place for records.')
  await receive(request, file, weights ? MOST_WEIGHT_BYTES : MOST_RECORD_BYTES)
  try {
    const progress = weights
      ? await lab.request('runs.record-weights', { session: weights[1]!, step: Number(weights[2]), file })
      : await lab.request('runs.record', jsonOf(file))
    response.writeHead(200, SECURITY_HEADERS_OF_JSON).end(JSON.stringify(progress))
  } catch (error) {
    // What keeps the store from writing may pass: the recorder tries again then, and gives up for other refusals.
    if (!(error instanceof StoreFailure)) throw error
    tell(response, 503, error.message)
  }
}

/** @throws UserError where it is no JSON. */
function jsonOf(file: string): RequestInput<'runs.record'> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RequestInput<'runs.record'>
  } catch {
    throw new UserError('what the recorder sent is no JSON')
  }
}
