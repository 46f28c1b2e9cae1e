import { inspect } from 'node:util'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { connectLab, createLab, type OpenLab } from '../../main/lab'
import { type OpenServer, serveLab } from '../../main/serve/server'
import { checkStore } from '../../main/store/check'
import { type FromLab, LabApi } from '../../shared/api'
import type { LabPort } from '../../shared/lab-port'
import { fitting } from '../support/from-schema'
import { HOSTILE, spoilt } from '../support/hostile-values'
import { ended, hostPath, temporaryHome, tiny, until } from './lab-support'

/**
 * Whatever a page sends: each message is answered, or refused in one sentence, and never by a mistake of ours; the lab goes on, and its store
 * stays whole. Some thousands here, 100,000 with NORMLAB_FUZZ=100000; NORMLAB_FUZZ_SEED tells another beginning.
 */
const COUNT = Number(process.env['NORMLAB_FUZZ'] ?? 2000)
const SEED = Number(process.env['NORMLAB_FUZZ_SEED'] ?? 1)
/** Messages that are under way at the same time. */
const AT_ONCE = 8
/** How long an answer may take, milliseconds: only against waiting for ever. */
const LIMIT_MS = 120_000

interface Sent {
  readonly type: 'request' | 'subscribe' | 'start'
  readonly name: string
  readonly input: unknown
}

const TYPES = { request: 'request', subscription: 'subscribe', job: 'start' } as const
const NAMES = Object.keys(LabApi) as (keyof LabApi)[]

/** Work that would keep the machine busy for minutes where it fits: of it one in so many is let through unspoilt. */
const isLong = (name: keyof LabApi): boolean =>
  LabApi[name].kind === 'job' ||
  /^(runs\.(start|resume)|experiments\.(start|extend|resume)|networks\.initial|lab\.(doctor|diagnostics))$/.test(name)

const Message: fc.Arbitrary<Sent> = fc.constantFrom(...NAMES).chain((name) => {
  const fits = fitting(LabApi[name].input)
  const input = fc.oneof({ arbitrary: spoilt(fits), weight: isLong(name) ? 60 : 3 }, { arbitrary: fits, weight: 1 })
  const type = fc.oneof(
    { arbitrary: fc.constant(TYPES[LabApi[name].kind]), weight: 30 },
    { arbitrary: fc.constantFrom('request' as const, 'subscribe' as const, 'start' as const), weight: 1 },
  )
  const called = fc.oneof(
    { arbitrary: fc.constant<string>(name), weight: 50 },
    { arbitrary: fc.constantFrom('toString', '__proto__', '', 'x'.repeat(100_000), 'runs.'), weight: 1 },
  )
  return fc.record({ type, name: called, input })
})

/** One end of a real channel, which copies what it carries as Electron's does. */
function labPort(port: MessagePort): LabPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  }
}

/** What is wrong with a refusal; undefined where it is one sentence for the reader. */
function faultOf({ message, forUser }: Extract<FromLab, { type: 'refused' }>): string | undefined {
  if (!forUser) return 'a mistake of ours'
  if (message.trim() === '') return 'nothing is said'
  if (message.length > 2500) return `${message.length} letters`
  return /[\n\r]| {4}at |\u0000/.test(message) ? 'more than a sentence' : undefined
}

const shown = (value: unknown): string => inspect(value, { depth: 8, maxStringLength: 300, maxArrayLength: 20, breakLength: 200 })

// No message gets to fetch gigabytes.
process.env['NORMLAB_PACKAGE_INDEX'] = 'http://127.0.0.1:9'
const home = temporaryHome()
const logged: string[] = []
let lab: OpenLab

beforeAll(async () => {
  lab = createLab({ home: home.home, hostPath, log: (text) => logged.push(text) })
  const { id } = await lab.request('runs.start', tiny({ epochs: 2 }))
  await until(lab, id, ended)
})
afterAll(async () => {
  await lab.close()
  home.remove()
})

describe('a page that means harm', () => {
  it(
    `gets an answer or a sentence to each of ${COUNT} messages, and spoils nothing`,
    { timeout: 60_000 + COUNT * 200 },
    async () => {
      const { port1, port2 } = new MessageChannel()
      connectLab(lab, labPort(port1), { log: (text) => logged.push(text) })
      const waiting = new Map<number, (heard: FromLab | 'silence') => void>()
      port2.on('message', (message: FromLab) => waiting.get(message.id)?.(message))
      const counts = { answered: 0, refused: 0, standing: 0, unsent: 0 }
      const faults: string[] = []

      const ask = async (sent: Sent, id: number): Promise<void> => {
        const heard = await new Promise<FromLab | 'silence' | 'unsent'>((resolve) => {
          const late = setTimeout(() => resolve('silence'), sent.type === 'request' ? LIMIT_MS : 20)
          waiting.set(id, (message) => {
            clearTimeout(late)
            resolve(message)
          })
          try {
            port2.postMessage({ ...sent, id })
          } catch {
            clearTimeout(late)
            // What cannot be copied does not leave the page.
            resolve('unsent')
          }
        })
        waiting.delete(id)
        if (heard === 'unsent') return void counts.unsent++
        if (sent.type !== 'request') port2.postMessage({ type: 'release', id })
        const fault = (what: string): unknown => faults.push(`${what}: ${shown(sent)}`)
        if (heard === 'silence') {
          if (sent.type === 'request') fault('no answer')
          return void counts.standing++
        }
        if (heard.type !== 'refused') return void counts.answered++
        counts.refused++
        const wrong = faultOf(heard)
        if (wrong !== undefined) fault(`${wrong} (${heard.message.slice(0, 300)})`)
      }

      let id = 0
      for (let done = 0, round = 0; done < COUNT; round++) {
        const messages = fc.sample(Message, { numRuns: Math.min(200, COUNT - done), seed: SEED * 1_000_003 + round })
        for (let i = 0; i < messages.length; i += AT_ONCE)
          await Promise.all(messages.slice(i, i + AT_ONCE).map((message) => ask(message, ++id)))
        done += messages.length
      }
      // What has not the form of a message is dropped, and nobody is disturbed.
      for (const junk of HOSTILE)
        for (const message of [
          junk,
          { type: junk, id: 1, name: 'runs.list', input: {} },
          { type: 'request', id: junk, name: 'runs.list' },
        ])
          try {
            port2.postMessage(message)
          } catch {
            // It cannot be copied.
          }
      await ask({ type: 'request', name: 'presets.list', input: {} }, ++id)
      port2.close()
      process.stderr.write(`fuzz: ${JSON.stringify(counts)}\n`)
      expect(faults).toEqual([])
      expect(logged).toEqual([])
      expect(counts.answered).toBeGreaterThan(COUNT / 40)
      expect(await lab.request('runs.list', {})).toBeInstanceOf(Array)
      expect(checkStore(home.home).problems).toEqual([])
      expect(Object.keys(Object.prototype)).toEqual([])
      expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined()
    },
  )
})

describe('a socket that means harm', () => {
  let server: OpenServer
  beforeAll(async () => {
    server = await serveLab({ lab, pages: path.resolve(__dirname), port: 0, log: (text) => logged.push(text) })
  })
  afterAll(() => server.close())

  const open = (): Promise<WebSocket> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${server.port}/lab`, ['normlab', server.token])
      socket.on('open', () => resolve(socket)).on('error', reject)
    })

  const asked = JSON.stringify({ type: 'request', id: 1, name: 'runs.rename', input: { run: 1, name: 'other' } })
  const Frame = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.tuple(fc.nat(asked.length), fc.nat(4), fc.string({ maxLength: 4 })).map(([at, cut, put]) => {
      return asked.slice(0, at) + put + asked.slice(at + cut)
    }),
    fc.json(),
    fc.constantFrom(
      ...[
        '['.repeat(100_000),
        '{"a":'.repeat(100_000),
        `${'['.repeat(5000)}${']'.repeat(5000)}`,
        '"' + 'x'.repeat(1_000_000) + '"',
      ],
      ...[
        '{"$n":"toString"}',
        '{"$n":"__proto__"}',
        '{"$f32":1}',
        '{"$u8":"AAA"}',
        '{"$x":1}',
        '1e999',
        '{"type":"request","id":1e999}',
      ],
      ...['{"type":"request","id":2,"name":"runs.rename","input":{"run":{"$n":"constructor"},"name":"x"}}'],
    ),
  )

  it('is closed, or told, and the lab goes on for the others', { timeout: 180_000 }, async () => {
    let socket = await open()
    const frames = fc.sample(Frame, { numRuns: Math.max(200, COUNT / 10), seed: SEED })
    for (const frame of frames) {
      if (socket.readyState !== socket.OPEN) socket = await open()
      socket.send(frame)
      // A ping is answered behind what was sent before it, where the socket is still open.
      await new Promise((resolve) => {
        socket.once('pong', resolve).once('close', resolve)
        socket.ping()
      })
    }
    socket.terminate()
    const other = await open()
    other.send(JSON.stringify({ type: 'request', id: 1, name: 'presets.list', input: {} }))
    const text = await new Promise<string>((resolve) => other.once('message', (data: Buffer) => resolve(data.toString())))
    expect(JSON.parse(text)).toMatchObject({ type: 'answer', id: 1 })
    other.terminate()
    expect(logged).toEqual([])
    expect(checkStore(home.home).problems).toEqual([])
  })
})
