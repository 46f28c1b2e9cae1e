import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import type { Lab } from '../../shared/api'
import { UserError } from '../../shared/errors'
import { WeightsSource } from '../../shared/library'
import { NetworkForm } from '../../shared/network-forms'
import { NOTES_HEADER, networkFileName, WEIGHTS_FORMAT, weightsFileName } from '../../shared/run-files'
import { weightsName, weightsTakenIn } from '../lab'
import { receive, sendFile, tell, writeOut } from './file-exchange'

/** Where weights come and go: `POST /files/weights` says which to send, `POST /files/weights/3?name=…` brings some for item 3, `POST /files/weights/3.onnx` sends its network with them. */
export const WEIGHTS_PATH = '/files/weights'
/** More than any network's weights. */
const MOST_BYTES = 16e9
/** A network document with all around it. */
const MOST_QUESTION_BYTES = 64e6

export async function exchangeWeights(
  lab: Lab,
  request: IncomingMessage,
  response: ServerResponse,
  folder: string,
): Promise<void> {
  const url = new URL(request.url ?? '', 'http://localhost')
  if (url.pathname === WEIGHTS_PATH) return handOut(lab, request, response, folder)
  const network = /^\/files\/weights\/(\d{1,9})\.([a-z-]+)$/.exec(url.pathname)
  if (network) return handOutNetwork(lab, response, folder, Number(network[1]), network[2]!)
  const item = /^\/files\/weights\/(\d{1,9})$/.exec(url.pathname)?.[1]
  if (item === undefined) return tell(response, 404, 'There is no such place for weights.')
  // The reader's own word for the file, and nothing of a path in it.
  const name = (url.searchParams.get('name') ?? '').replace(new RegExp(`\\.${WEIGHTS_FORMAT}$`), '')
  const file = path.join(folder, weightsFileName(name))
  await receive(request, file, MOST_BYTES)
  tell(response, 200, weightsTakenIn(await lab.request('weights.import', { item: Number(item), file })))
}

async function handOut(lab: Lab, request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  const question = path.join(folder, 'question.json')
  await receive(request, question, MOST_QUESTION_BYTES)
  const from = WeightsSource.safeParse(parsed(readFileSync(question, 'utf8')))
  if (!from.success) throw new UserError('the request does not say whose weights it wants')
  const out = path.join(folder, 'weights')
  await writeOut(folder, lab.request('weights.export', { from: from.data, out }))
  await sendFile(response, out, weightsFileName(await weightsName(lab, from.data)))
}

async function handOutNetwork(lab: Lab, response: ServerResponse, folder: string, item: number, word: string): Promise<void> {
  const form = NetworkForm.safeParse(word)
  if (!form.success) return tell(response, 404, 'There is no such form of a network.')
  const name = networkFileName(await weightsName(lab, { item }), form.data)
  const out = path.join(folder, name)
  const { notes } = await writeOut(folder, lab.request('library.write', { from: { item }, form: form.data, out }))
  response.setHeader(NOTES_HEADER, encodeURIComponent(notes.join('\n')))
  await sendFile(response, out, name)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
