import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { proxyFor } from '../../../../main/engine/packs/http-get'
import { type FetchSources, fetchEngine, installPack } from '../../../../main/engine/packs/install'
import {
  chosenEngine,
  engineFolder,
  enginesFolder,
  hasInside,
  installedEngine,
  keepEngineUse,
  readThrough,
  removeEngine,
} from '../../../../main/engine/packs/installed'
import { requireSpace } from '../../../../main/files/space'
import { remedyOf } from '../../../../main/engine/packs/package-index'
import { wheelsOf } from '../../../../main/engine/packs/wheels'
import { writePack } from '../../../../main/engine/packs/write-pack'
import { hasNvidiaDevice } from '../../../../main/resources'
import { CPU, GPU, known, listen, openIndex } from './made-wheels'

let folder = ''
let home = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-pack-'))
  home = path.join(folder, 'hömé 100%')
  const inside = path.join(folder, 'inside')
  mkdirSync(inside)
  writeFileSync(path.join(inside, 'tfjs_binding.node'), 'binding')
  vi.stubEnv('NORMLAB_TENSORFLOW', inside)
  for (const name of ['HTTP_PROXY', 'http_proxy', 'NORMLAB_DEVICE']) vi.stubEnv(name, '')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

async function sources(...given: Parameters<typeof openIndex>): Promise<FetchSources> {
  const index = await openIndex(...given)
  onTestFinished(() => index.close())
  return { known, index: index.address }
}
async function made(kind: 'cpu' | 'gpu' = 'cpu'): Promise<string> {
  const file = path.join(folder, `${kind}.normlab-engine`)
  await writePack(file, kind, '0.1.0', await sources())
  return file
}
const left = (): string[] => (existsSync(enginesFolder(home)) ? readdirSync(enginesFolder(home)) : [])

describe('an engine pack', () => {
  it('brings an engine for a GPU to a machine without a network, libraries and licences alone', async () => {
    const heard = new Set<string>()
    const file = await made('gpu')
    expect(await installPack(home, file, { known, tell: (phase, done, total) => heard.add(`${phase} ${done === total}`) })).toBe('gpu') // prettier-ignore
    const engine = engineFolder(home, 'gpu')
    expect(readdirSync(engine, { recursive: true }).map(String).sort()).toEqual(
      ['engine.json', 'lib', 'lib/libtensorflow_cc.so.2', 'lib/libtensorflow_framework.so.2', 'licences', 'licences/THIRD_PARTY_NOTICES.txt'].concat(
        ['licences/nvidia-cublas-cu12.txt', 'nvidia', 'nvidia/cublas', 'nvidia/cublas/lib', 'nvidia/cublas/lib/libcublas.so.12', 'tfjs_binding.node'],
      ),
    ) // prettier-ignore
    expect(readFileSync(path.join(engine, 'tfjs_binding.node'), 'utf8')).toBe('binding')
    expect(installedEngine(home, 'gpu')).toMatchObject({ bytes: 4000 + 9 + 7 + 6 + 7, problem: null })
    expect([...heard]).toEqual(expect.arrayContaining(['verifying true', 'unpacking true', 'trying true']))
    expect(left()).toEqual([path.basename(engine)])
    // Again, over the one that is there.
    await installPack(home, file, { known })
    expect(left()).toEqual([path.basename(engine)])
    removeEngine(home, 'gpu')
    expect(left()).toEqual([])
    expect(() => removeEngine(home, 'gpu')).toThrow('no GPU engine is installed')
  })

  const rewritten = (file: string, change: (text: string) => string): void => {
    const content = readFileSync(file)
    const end = content.indexOf(0x0a, content.indexOf(0x0a) + 1) + 1
    writeFileSync(file, Buffer.concat([Buffer.from(change(content.toString('utf8', 0, end))), content.subarray(end)]))
  }
  it.each<[string, (file: string) => void, RegExp]>([
    ['is something else', (file) => writeFileSync(file, 'PK'), /: this is no engine pack of NormLab; use a file that/],
    ['is empty', (file) => writeFileSync(file, ''), /this is no engine pack/],
    ['is without an end of its line', (file) => writeFileSync(file, `normlab engine pack 1${'x'.repeat(1e6)}`), /this is no engine pack/], // prettier-ignore
    ['is of a later form', (file) => rewritten(file, (text) => text.replace('pack 1', 'pack 2')), /has form 2, and this NormLab knows form 1; install the NormLab that it was made with/], // prettier-ignore
    ['is of an earlier form', (file) => rewritten(file, (text) => text.replace('pack 1', 'pack 0')), /has form 0, .*; make it anew/], // prettier-ignore
    ['says nothing of itself', (file) => rewritten(file, (text) => text.replace('{', '[')), /is damaged: what it says of itself/],
    ['is for other machines', (file) => rewritten(file, (text) => text.replace(process.arch, 'sparc')), /is for sparc, and this machine is/], // prettier-ignore
    ['has another TensorFlow', (file) => rewritten(file, (text) => text.replace('2.21.0', '2.99.0')), /is TensorFlow 2\.99\.0, and this NormLab runs with 2\.21\.0/], // prettier-ignore
    ['has other wheels', (file) => rewritten(file, (text) => text.replace(CPU[0]!.sha256, '0'.repeat(64))), /packed other libraries into it than this one trusts/], // prettier-ignore
    ['calls another wheel by a known hash', (file) => rewritten(file, (text) => text.replace('"bytes":', '"bytes":1')), /other libraries/], // prettier-ignore
    ['is cut short', (file) => truncateSync(file, readFileSync(file).length - 1), /it is cut short: \d+ of \d+ bytes are there; copy it again/], // prettier-ignore
    ['has more behind its end', (file) => writeFileSync(file, 'x', { flag: 'a' }), /something follows its end/],
    [
      'is changed in a byte',
      (file) => {
        const content = readFileSync(file)
        content[content.length - 500]! ^= 1
        writeFileSync(file, content)
      },
      /tensorflow-cpu in it is damaged, or not what it says, and nothing of it is used/,
    ],
    ['is a folder', (file) => (rmSync(file), mkdirSync(file)), /this is no file|this is a folder/],
    ['is not there', (file) => rmSync(file), /the engine pack cannot be read: there is no such file or folder/],
  ])('that %s is refused in one sentence, and leaves nothing', async (_, spoil, sentence) => {
    const file = await made()
    spoil(file)
    await expect(installPack(home, file, { known })).rejects.toThrow(sentence)
    await expect(installPack(home, file, { known })).rejects.toMatchObject({ name: 'UserError' })
    expect(left()).toEqual([])
  })

  it('that does not run here is not installed, and the one before stays', async () => {
    const file = await made()
    await installPack(home, file, { known })
    const before = readFileSync(path.join(engineFolder(home, 'cpu'), 'engine.json'), 'utf8')
    await expect(installPack(home, file, { known, try: () => Promise.reject(new Error('no')) })).rejects.toThrow('no')
    expect(readFileSync(path.join(engineFolder(home, 'cpu'), 'engine.json'), 'utf8')).toBe(before)
    expect(left()).toHaveLength(1)
  })

  it.each(['verifying', 'unpacking', 'trying'])('that is called off while it is %s leaves nothing', async (at) => {
    const off = new AbortController()
    const tell = (phase: string): void => void (phase === at && off.abort())
    await expect(installPack(home, await made('gpu'), { known, tell, signal: off.signal })).rejects.toThrow()
    expect(left()).toEqual([])
  })

  it('wants its room first', async () => {
    await expect(requireSpace(folder, 1e18)).rejects.toThrow(
      /^.*: 1000000000\.0 GB are needed, and .* GB are free; make room there/,
    )
    const huge = (): readonly (typeof CPU)[number][] => [{ ...CPU[0]!, bytes: 5e17 }]
    const file = path.join(folder, 'x.normlab-engine')
    const refused = writePack(file, 'cpu', '0', { known: huge }).catch((error: Error) => error.message)
    expect(await refused).toMatch(/^.*\/x\.normlab-engine: 1000000000\.0 GB are needed, and .* GB are free; make room there, or write it to another disk$/) // prettier-ignore
  })
})

describe('an installed engine', () => {
  it('is used where it was chosen and is whole, else the one inside', async () => {
    await installPack(home, await made(), { known })
    expect(chosenEngine(home)).toMatchObject({ used: 'named' })
    vi.stubEnv('NORMLAB_TENSORFLOW', '')
    // A checkout may not have prepared its own yet.
    expect(chosenEngine(home)).toMatchObject({ used: hasInside() ? 'inside' : 'cpu' })
    keepEngineUse(home, 'cpu')
    expect(chosenEngine(home)).toMatchObject({ used: 'cpu', folder: engineFolder(home, 'cpu') })
    truncateSync(path.join(engineFolder(home, 'cpu'), 'lib/libtensorflow_cc.so.2'), 5)
    expect(chosenEngine(home)).toMatchObject({ used: 'inside', why: 'the CPU engine that was chosen is not whole, or not there' })
    expect(installedEngine(home, 'cpu')?.problem).toBe('it is damaged: lib/libtensorflow_cc.so.2 is not as it was installed')
    writeFileSync(path.join(enginesFolder(home), 'use.json'), '{"use":')
    expect(chosenEngine(home)).toMatchObject({ used: 'inside', why: expect.stringContaining('GPU') as string })
  })

  it('for a GPU is used by itself where the machine has one and the one inside is none for it', async () => {
    await installPack(home, await made('gpu'), { known })
    vi.stubEnv('NORMLAB_TENSORFLOW', '')
    vi.stubEnv('NORMLAB_CACHE', path.join(folder, 'empty'))
    vi.stubEnv('NORMLAB_DEVICE', 'gpu')
    expect(chosenEngine(home)).toMatchObject({ used: 'gpu', why: 'this machine has an NVIDIA GPU' })
    keepEngineUse(home, 'gpu')
    const without = 'it was chosen, though this machine shows no NVIDIA GPU, and computes on the CPU'
    expect(chosenEngine(home)).toMatchObject({ used: 'gpu', why: hasNvidiaDevice() ? 'it was chosen' : without })
    keepEngineUse(home, 'inside')
    expect(chosenEngine(home)).toMatchObject({ used: 'inside', why: 'it was chosen' })
  })

  it('gets the binding of a later NormLab, which its libraries serve as well', async () => {
    await installPack(home, await made(), { known })
    const about = path.join(engineFolder(home, 'cpu'), 'engine.json')
    const binding = path.join(engineFolder(home, 'cpu'), 'tfjs_binding.node')
    writeFileSync(about, readFileSync(about, 'utf8').replace(/"binding": "\w+"/, '"binding": "00000000"'))
    writeFileSync(binding, 'of another NormLab')
    keepEngineUse(home, 'cpu')
    const cache = path.join(folder, 'cache/tensorflow-2.21.0-cpu-' + /[0-9a-f]{8}/.exec(path.basename((await import('../../../../main/resources')).tensorflowFolderName('cpu')))![0]) // prettier-ignore
    mkdirSync(cache, { recursive: true })
    writeFileSync(path.join(cache, 'tfjs_binding.node'), 'binding')
    vi.stubEnv('NORMLAB_TENSORFLOW', '')
    vi.stubEnv('NORMLAB_CACHE', path.join(folder, 'cache'))
    expect(chosenEngine(home)).toMatchObject({ used: 'cpu' })
    expect(readFileSync(binding, 'utf8')).toBe('binding')
  })

  it('is read through, and a changed byte found', async () => {
    await installPack(home, await made(), { known })
    expect(await readThrough(installedEngine(home, 'cpu')!)).toBeNull()
    writeFileSync(path.join(engineFolder(home, 'cpu'), 'lib/libtensorflow_framework.so.2'), 'frameworK')
    expect(await readThrough(installedEngine(home, 'cpu')!)).toMatch(/framework\.so\.2 is not as it was installed/)
  })
})

describe('fetching an engine', () => {
  it.each(['json', 'html'] as const)('takes the wheels of known hashes from an index that answers %s', async (form) => {
    await fetchEngine(home, 'gpu', await sources(form))
    expect(installedEngine(home, 'gpu')?.problem).toBeNull()
    expect(left()).toHaveLength(1)
  })

  it('goes on where a connection broke off', async () => {
    const asked: (string | undefined)[] = []
    const options = await sources('json', ({ content }, request, response) => {
      const { range } = request.headers
      asked.push(range)
      const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from })
      response.write(content.subarray(from, from + 1000), () => from + 1000 < content.length && response.destroy())
      if (from + 1000 >= content.length) response.end()
      return true
    })
    await fetchEngine(home, 'cpu', options)
    expect(asked.slice(0, 3)).toEqual([undefined, 'bytes=1000-', 'bytes=2000-'])
    expect(installedEngine(home, 'cpu')?.problem).toBeNull()
  })

  it.each([
    ['something else', Buffer.from(CPU[0]!.content).fill(7)],
    ['more than it should', Buffer.concat([CPU[0]!.content, Buffer.alloc(5)])],
  ])('uses nothing of what is %s', async (_, content) => {
    const options = await sources('json', (__, ___, response) => Boolean(response.end(content)))
    await expect(fetchEngine(home, 'cpu', options)).rejects.toThrow(/is not what NormLab trusts, and nothing of it is used/)
    expect(left()).toEqual([])
  })

  it('says in one sentence that the index cannot be reached, or lacks a wheel', async () => {
    const index = await listen((_, response) => response.writeHead(503).end())
    await expect(fetchEngine(home, 'cpu', { known, index: index.address })).rejects.toThrow(/tensorflow-cpu 1\.0: the package index could not be reached \(127\.0\.0\.1:\d+ answers 503\); check the network/) // prettier-ignore
    index.close()
    await expect(fetchEngine(home, 'cpu', { known, index: index.address })).rejects.toThrow(/could not be reached \(connect ECONNREFUSED/) // prettier-ignore
    const empty = await listen((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('nothing'))
    onTestFinished(() => empty.close())
    await expect(writePack(path.join(folder, 'p'), 'cpu', '0', { known, index: empty.address })).rejects.toThrow(
      /does not have it/,
    )
    await expect(fetchEngine(home, 'cpu', { known, index: 'ftp://x' })).rejects.toThrow(/no address of a package index/)
    expect(left()).toEqual([])
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('names the certificate where a network signs what passes through it', () => {
    const refused = Object.assign(new Error('self-signed certificate in certificate chain'), {
      code: 'SELF_SIGNED_CERT_IN_CHAIN',
    })
    expect(remedyOf(refused)).toMatch(/NODE_EXTRA_CA_CERTS/)
    expect(remedyOf(new Error('connect ECONNREFUSED'))).toMatch(/^check the network/)
  })

  it('ends at once when it is called off, and leaves nothing', async () => {
    const off = new AbortController()
    const options = await sources('json', ({ content }, _, response) => Boolean(response.write(content.subarray(0, 10))))
    await expect(fetchEngine(home, 'gpu', { ...options, signal: off.signal, tell: () => off.abort() })).rejects.toThrow()
    expect(left()).toEqual([])
  })

  it('goes through the proxy that the environment names', async () => {
    const index = await openIndex()
    const through: string[] = []
    const proxy = await listen((_, response) => response.end())
    proxy.server.on('connect', ({ url }, client) => {
      through.push(url!)
      const [host, port] = url!.split(':')
      const far = connect(Number(port), host, () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
      far.on('error', () => client.destroy()).pipe(client).on('error', () => far.destroy()).pipe(far)
    }) // prettier-ignore
    vi.stubEnv('http_proxy', proxy.address)
    vi.stubEnv('no_proxy', '')
    await fetchEngine(home, 'cpu', { known, index: index.address })
    expect(through).toContain(new URL(index.address).host)
    proxy.close()
    index.close()
  })

  it('takes no proxy where NO_PROXY says so', () => {
    const environment = { HTTPS_PROXY: 'proxy:3128', NO_PROXY: 'localhost, .example.org' }
    expect(proxyFor(new URL('https://pypi.org/'), environment)?.href).toBe('http://proxy:3128/')
    expect(proxyFor(new URL('https://index.example.org/'), environment)).toBeUndefined()
    expect(proxyFor(new URL('http://pypi.org/'), environment)).toBeUndefined()
  })
})

it('knows the wheels of both kinds by their hashes', () => {
  expect(wheelsOf('gpu', 'x64').map(({ project }) => project)).toContain('nvidia-cudnn-cu12')
  expect(wheelsOf('cpu', 'arm64')).toHaveLength(1)
  expect(wheelsOf('gpu', 'arm64')).toEqual([])
  expect(GPU.length).toBe(2)
})
