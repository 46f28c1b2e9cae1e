import { createHash } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Wheel } from '../../../../main/engine/packs/wheels'
import { zip } from '../../datasets/import/files'

/** Wheels as small as can be, and what each unpacks to. */
export interface MadeWheel extends Wheel {
  readonly content: Buffer
}

function wheel(project: string, files: Readonly<Record<string, string>>): MadeWheel {
  const content = Buffer.from(zip(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))))
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { project, version: '1.0', pythonVersion: '3.11', platforms: [], bytes: content.length, sha256, content }
}

const TENSORFLOW = {
  'tensorflow/libtensorflow_cc.so.2': 'c'.repeat(3000),
  'tensorflow/libtensorflow_framework.so.2': 'framework',
  'tensorflow/THIRD_PARTY_NOTICES.txt': 'notices',
  'tensorflow/include/Eigen/Core': 'not taken',
}
export const CPU: readonly MadeWheel[] = [wheel('tensorflow-cpu', TENSORFLOW)]
export const GPU: readonly MadeWheel[] = [
  wheel('tensorflow', { ...TENSORFLOW, 'tensorflow/libtensorflow_cc.so.2': 'g'.repeat(4000) }),
  wheel('nvidia-cublas-cu12', {
    'nvidia/cublas/lib/libcublas.so.12': 'cublas',
    'nvidia/cublas/include/cublas.h': 'not taken',
    'nvidia/../lib/libevil.so': 'not taken',
    'nvidia_cublas_cu12-1.0.dist-info/licenses/License.txt': 'licence',
  }),
]
export const known = (kind: 'cpu' | 'gpu'): readonly MadeWheel[] => (kind === 'cpu' ? CPU : GPU)

export interface MadeIndex {
  readonly address: string
  close(): void
}

export async function listen(answer: RequestListener): Promise<MadeIndex & { server: Server }> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, address: `http://127.0.0.1:${port}`, close: () => (server.closeAllConnections(), server.close()) }
}

/** A package index with the wheels. @param form Of its lists. */
export async function openIndex(
  form: 'json' | 'html' = 'json',
  /** Answers a file by itself; true where it has. */
  own: (wheel: MadeWheel, ...args: Parameters<RequestListener>) => boolean = () => false,
): Promise<MadeIndex> {
  const index = await listen((request, response) => {
    const [, folder, project] = request.url!.split('/')
    const found = [...CPU, ...GPU].find((wheel) => wheel.project === project)
    if (!found) return void response.writeHead(404).end()
    if (folder === 'files') {
      if (!own(found, request, response)) response.end(found.content)
    } else if (form === 'json') {
      response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json')
      response.end(JSON.stringify({ files: [{ url: 'elsewhere', hashes: { sha256: 'x' } }, { url: `../../files/${project}`, hashes: { sha256: found.sha256 } }] })) // prettier-ignore
    } else {
      response.setHeader('content-type', 'text/html')
      response.end(`<a href="/other#sha256=00">a</a> <a href="../../files/${project}#sha256=${found.sha256}">b</a>`)
    }
  })
  return { ...index, address: `${index.address}/simple` }
}
