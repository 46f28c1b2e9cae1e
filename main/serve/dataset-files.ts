import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Lab } from '../../shared/api'
import { DATASET_FORMAT, datasetFileName } from '../../shared/run-files'
import { attempt, receive, sendFile, SECURITY_HEADERS_OF_JSON, tell, writeOut } from './file-exchange'

/** Where data sets come and go: `POST /files/datasets?name=…` takes a source in and answers with the word for it, `GET /files/datasets/NAME.safetensors` sends a set. */
export const DATASETS_PATH = '/files/datasets'
/** More than any set of images that one brings through a browser. */
const MOST_BYTES = 64e9

/** Takes a source in, to be looked at: the lab keeps it until its word is let go of. */
export async function takeSource(lab: Lab, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { searchParams } = new URL(request.url ?? '', 'http://localhost')
  const folder = await attempt(mkdtemp(path.join(tmpdir(), 'normlab-source-')))
  try {
    // The reader's own word for the file, and nothing of a path in it.
    const file = path.join(folder, plainFileName(searchParams.get('name') ?? ''))
    await receive(request, file, MOST_BYTES)
    const given = await lab.request('datasets.choose', { files: [file], temporary: true })
    response.writeHead(200, SECURITY_HEADERS_OF_JSON).end(JSON.stringify(given))
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

export async function sendDataset(lab: Lab, request: IncomingMessage, response: ServerResponse, folder: string): Promise<void> {
  const { pathname } = new URL(request.url ?? '', 'http://localhost')
  const found = new RegExp(`^${DATASETS_PATH}/(.+)\\.${DATASET_FORMAT}$`).exec(pathname)?.[1]
  if (found === undefined) return tell(response, 404, 'There is no such file.')
  const name = decodeURIComponent(found)
  const out = path.join(folder, 'dataset')
  await writeOut(folder, lab.start('datasets.export', { name, out }).result)
  await sendFile(response, out, datasetFileName(name))
}

/** A name that every file system takes, with its endings: they say what an archive is called, not what it is. */
function plainFileName(name: string): string {
  const plain = name
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N} ._-]+/gu, '-')
    .replace(/^[-. ]+|[-. ]+$/g, '')
  return plain.length <= 100 ? plain || 'images' : plain.slice(-100)
}
