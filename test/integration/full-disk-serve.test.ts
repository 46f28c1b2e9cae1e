import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { LabClient } from '../../shared/lab-client'
import { LAB_SOCKET_PATH, LAB_SUBPROTOCOL } from '../../shared/lab-port'
import { type OpenServer, serveLab } from '../../main/serve/server'
import { socketPort } from '../../main/serve/socket-port'
import { type OpenLab } from '../../main/lab'
import { NET, TINY, fill, mayMount, normlab, openLab, start, temporaryHome, enter } from './lab-support'

const small = mayMount()
const home = temporaryHome()
/** Where temporary files lie. */
const disk = temporaryHome()
const temporary = process.env['TMPDIR']
let lab: OpenLab
let server: OpenServer
const logged: string[] = []

beforeAll(async () => {
  if (!small) return
  await normlab(['train', ...TINY, '--epochs', '40'], home.home)
  await normlab(['runs', 'export', '1', '--format', 'bundle', '--out', path.join(home.home, 'run.normlab')], home.home)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', disk.home])
  lab = openLab(home.home)
  server = await serveLab({ lab, pages: home.home, port: 0, log: (text) => void logged.push(text) })
  process.env['TMPDIR'] = disk.home
})
afterAll(async () => {
  if (small) {
    if (temporary === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporary
    await server.close()
    await lab.close()
    execFileSync('umount', ['-l', disk.home])
  }
  disk.remove()
  home.remove()
})

const ask = async (where: string, body?: string | Buffer): Promise<{ status: number; text: string }> => {
  const answer = await fetch(`http://127.0.0.1:${server.port}/files${where}`, {
    ...{ method: body === undefined ? 'GET' : 'POST', headers: { 'x-normlab-token': server.token } },
    ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  })
  return { status: answer.status, text: await answer.text() }
}
const weights = JSON.stringify({ network: 'plain:blocks=2' })
const exchanges: readonly [name: string, go: () => ReturnType<typeof ask>][] = [
  ['a bundle that comes in', () => ask('', readFileSync(path.join(home.home, 'run.normlab')))],
  ['a large file that comes in', () => ask('', Buffer.alloc(8_000_000, 7))],
  ['weights that come in', () => ask('/weights/1?name=w', Buffer.alloc(2_000_000, 7))],
  ['the question for weights', () => ask('/weights', weights.padEnd(400_000))],
  ['weights that go out', () => ask('/weights', weights)],
  ['a run that goes out as CSV', () => ask('/1.csv')],
  ['a run that goes out as JSON', () => ask('/1.json')],
  ['a run that goes out as a bundle', () => ask('/1.normlab')],
]

describe.skipIf(!small)('on a full disk for temporary files', () => {
  it.each(exchanges.flatMap(([name, go]) => [0, 1].map((free) => [name, free, go] as const)))(
    '%s, with %i pages left, is told in one sentence with its place, and leaves nothing',
    async (_, free, go) => {
      fill(path.join(disk.home, 'ballast'), free)
      expect(await go()).toEqual({
        status: 400,
        text: `${disk.home}: the file cannot be written: the disk is full; make room there, or choose another place`,
      })
      expect(readdirSync(disk.home)).toEqual(['ballast'])
      expect(logged).toEqual([])
    },
  )

  it('a file that is wrong is named, and not where it lay meanwhile', async () => {
    writeFileSync(path.join(disk.home, 'ballast'), '')
    const { status, text } = await ask('', Buffer.from('no bundle'))
    expect({ status, text }).toEqual({ status: 400, text: expect.stringMatching(/^bundle\.normlab: this is no bundle/) })
  })

  it('all of it goes on once there is room', async () => {
    writeFileSync(path.join(disk.home, 'ballast'), '')
    expect(await ask('/1.csv')).toMatchObject({ status: 200 })
  })
})

describe.skipIf(!small)('a data folder that cannot be written', () => {
  it('is served to be looked at; a page’s change is refused with the sentence of the command line', async () => {
    const closed = temporaryHome()
    await normlab(['train', ...TINY, '--epochs', '1'], closed.home)
    execFileSync('mount', ['--bind', closed.home, closed.home])
    execFileSync('mount', ['-o', 'remount,ro,bind', closed.home])
    const served = start(['serve', '--json'], closed.home)
    try {
      const said = await served.printed('ticket=')
      const { port, token } = await enter((JSON.parse(said.split('\n')[0]!) as { address: string }).address)
      const socket = new WebSocket(`ws://127.0.0.1:${port}${LAB_SOCKET_PATH}`, [LAB_SUBPROTOCOL, token], {
        origin: `http://127.0.0.1:${port}`,
      })
      await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
      const client = new LabClient(socketPort(socket))
      expect(await client.request('runs.list', {})).toHaveLength(1)
      const { stderr } = await normlab(['runs', 'rename', '1', 'other'], closed.home)
      expect(stderr).toContain('the data folder cannot be written, as the disk is read-only')
      await expect(client.request('runs.rename', { run: 1, name: 'other' })).rejects.toThrow(
        stderr.replace(/^normlab: /, '').trim(),
      )
      await expect(client.request('runs.start', { network: NET })).rejects.toThrow('the data folder cannot be written')
      socket.close()
    } finally {
      served.child.kill('SIGTERM')
      await served.finished
      execFileSync('umount', ['-l', closed.home])
      closed.remove()
    }
  })
})
