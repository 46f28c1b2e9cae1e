import { MessageChannel } from 'node:worker_threads'
import { expect, it, onTestFinished } from 'vitest'
import { NetworkDocument } from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'
import { connectLab, type OpenLab } from '../../../main/lab'
import { extentOf } from '../../../main/lab/input-extent'

/** Lists that each hold the next one twice. */
function doubling(depth: number): unknown {
  let list: unknown = ['end']
  for (let i = 0; i < depth; i++) list = [list, list]
  return list
}

it('counts what lies in several places in each', () => {
  expect(extentOf({ a: 1, b: ['x', null, new Float32Array(1000)] })).toBe(6)
  expect(extentOf(doubling(3))).toBe(2 ** 4 - 1 + 8)
  expect(extentOf(doubling(200))).toBeGreaterThan(1e50)
  const circle: unknown[] = []
  circle.push(circle)
  expect(extentOf(circle)).toBe(Infinity)
  let deep: unknown = 1
  for (let i = 0; i < 200_000; i++) deep = [deep]
  expect(extentOf(deep)).toBe(Infinity)
})

it('a page that sends such a message is refused before anybody walks through it', async () => {
  const { port1, port2 } = new MessageChannel()
  onTestFinished(() => port1.close())
  const asked: string[] = []
  const lab = { request: (name: string) => Promise.resolve(asked.push(name)) } as unknown as OpenLab
  connectLab(lab, {
    postMessage: (message) => port1.postMessage(message),
    onMessage: (listener) => void port1.on('message', listener),
    onClose: (listener) => void port1.on('close', listener),
    close: () => port1.close(),
  })
  const answer = new Promise((resolve) => port2.once('message', resolve))
  port2.postMessage({ type: 'request', id: 1, name: 'networks.inspect', input: { network: doubling(100) } })
  expect(await answer).toMatchObject({ type: 'refused', forUser: true, message: expect.stringMatching(/^the page sends more/) as string }) // prettier-ignore
  expect(asked).toEqual([])
})

it('a document whose attributes or blocks hold themselves is refused, however often', () => {
  const circle: Record<string, unknown> = {}
  for (let i = 0; i < 10; i++) circle[`a${i}`] = circle
  const nodes = (attributes: unknown): unknown[] => [{ id: 'x', kind: 'conv2d', attributes }]
  const document = (nodes: unknown): unknown => ({ format: 'normlab/network', version: 1, name: 'n', nodes })
  expect(NetworkDocument.safeParse(document(nodes(circle))).success).toBe(false)
  expect(NetworkDocument.safeParse(document(nodes({ padding: doubling(15) }))).success).toBe(true)
  const block: Record<string, unknown> = { id: 'b', kind: 'block' }
  block['nodes'] = [block, block, block]
  expect(NetworkDocument.safeParse(document([block])).error?.issues[0]?.message).toMatch(/lie in one another more than 100 deep/)
})

it('a sentence stays one line, whatever names are in it', () => {
  const error = new UserError('there is no "a\u0000b\n\rc\u001b[2J"', { place: 'x\u2028y', remedy: 'use\tz' })
  expect(error.message).toBe('x y: there is no "a b c [2J"; use z')
  expect(error.options.place).toBe('x y')
})
