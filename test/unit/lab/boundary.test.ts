import { describe, expect, it } from 'vitest'
import { type Handlers, boundary } from '../../../main/lab/boundary'
import { connectLab } from '../../../main/lab/connection'
import { networkFromPreset } from '../../../shared/architecture/resolve'
import type { Lab } from '../../../shared/api'
import { UserError } from '../../../shared/errors'
import { LabClient } from '../../../shared/lab-client'
import { type LabPort, portPair } from '../../../shared/lab-port'
import { curvesOf } from '../support/curves'

/** A lab that knows three answers; the boundary is what is looked at. */
function smallLab(handlers: Partial<Handlers>): Lab {
  return boundary(handlers as Handlers)
}

function overPort(lab: Lab, log: string[] = []): { client: LabClient; near: LabPort } {
  const [near, far] = portPair()
  connectLab(lab, far, { log: (text) => log.push(text) })
  return { client: new LabClient(near), near }
}

describe('the boundary', () => {
  it('fills in defaults before a handler sees the input', async () => {
    let seen: unknown
    const lab = smallLab({
      'runs.start': (input) => {
        seen = input
        throw new UserError('enough')
      },
    })
    await expect(lab.request('runs.start', { network: 'plain' })).rejects.toThrow('enough')
    expect(seen).toMatchObject({
      network: 'plain',
      data: { name: 'shapes10' },
      training: { batch: 32, projection: { layers: 'none' } },
      seed: 1,
    })
  })

  it.each([
    [{ network: 'plain', training: { batch: 0 } }, /^training\.batch: must be at least 1$/],
    [{ network: 'plain', training: { batches: 1 } }, /^training: there is no field “batches”; perhaps “batch”$/],
    [{ network: 'plain', seed: 1.5 }, /^seed: must be a whole number$/],
    [{ network: { ...networkFromPreset('plain:blocks=1'), name: 7 } }, /^network\.name: must be a string, not a number$/],
    [{}, /^network: /],
  ])('refuses what does not fit and names the field: %j', async (input, sentence) => {
    await expect(smallLab({}).request('runs.start', input as never)).rejects.toThrow(sentence)
  })

  it('refuses requests that there are none of, and paths that are not absolute', async () => {
    const lab = smallLab({})
    await expect(lab.request('toString' as never, {} as never)).rejects.toThrow('the lab has no request "toString"')
    await expect(lab.request('runs.watch' as never, {} as never)).rejects.toThrow('the lab has no request "runs.watch"')
    await expect(lab.request('runs.export', { run: 1, out: '../x.json', format: 'json' })).rejects.toThrow(
      'runs.export: out: "../x.json" is not an absolute path',
    )
  })

  it('lets no answer out that was not promised', async () => {
    const lab = smallLab({ 'runs.list': () => [{ id: 'one' }] as never })
    await expect(lab.request('runs.list', {})).rejects.toThrow(/^runs\.list answered what it does not promise/)
  })
})

describe('a lab behind a port', () => {
  it('answers, keeps typed arrays, and refuses with the same sentence', async () => {
    const { client } = overPort(
      smallLab({
        'runs.curves': () => curvesOf([1], { loss: [NaN] }),
        'runs.show': () => {
          throw new UserError('there is no run 9', { remedy: 'look again' })
        },
      }),
    )
    expect((await client.request('runs.curves', { run: 1 })).loss).toEqual(Float32Array.of(NaN))
    const refusal = client.request('runs.show', { run: 9 })
    await expect(refusal).rejects.toThrow('there is no run 9; look again')
    await expect(refusal).rejects.toBeInstanceOf(UserError)
  })

  it('never does for a page what names a file', async () => {
    const { client } = overPort(smallLab({ 'runs.export': () => ({ path: '/', steps: 0 }) }))
    await expect(client.request('runs.export', { run: 1, out: '/etc/passwd', format: 'json' })).rejects.toThrow(
      '"runs.export" is not open to pages',
    )
    await expect(client.request('weights.import', { item: 1, file: '/etc/passwd' })).rejects.toThrow('is not open to pages')
    for (const weights of [{ file: '/etc/passwd' }, Object.create({ file: '/etc/passwd' }) as { file: string }])
      await expect(client.request('runs.start', { network: 'plain', weights })).rejects.toThrow('is not open to pages')
  })

  it('takes no path that is not absolute, where it is the weights’ either', async () => {
    const lab = smallLab({ 'runs.start': () => Promise.reject(new Error('never')) })
    await expect(lab.request('runs.start', { network: 'plain', weights: { file: 'w.safetensors' } })).rejects.toThrow(
      'runs.start: weights.file: "w.safetensors" is not an absolute path',
    )
  })

  it('keeps a bug’s stack for the log', async () => {
    const log: string[] = []
    const { client } = overPort(
      smallLab({
        'presets.list': () => {
          throw new TypeError('x is undefined')
        },
      }),
      log,
    )
    await expect(client.request('presets.list', {})).rejects.toThrow(
      /^NormLab made a mistake \(x is undefined\); its log says more$/,
    )
    expect(log.join()).toContain('boundary.test.ts')
  })

  it('hands on events until the page lets go or leaves', async () => {
    const listeners = new Set<(run: number) => void>()
    const lab = smallLab({
      'runs.changes': (_, listener) => {
        const tell = (run: number): void => listener({ runs: [], gone: [run] })
        listeners.add(tell)
        return () => listeners.delete(tell)
      },
    })
    const { client } = overPort(lab)
    const heard: number[] = []
    const release = client.subscribe('runs.changes', {}, ({ gone }) => heard.push(...gone))
    client.subscribe('runs.changes', {}, () => undefined)
    await turn()
    for (const tell of listeners) tell(4)
    await turn()
    expect(heard).toEqual([4])
    release()
    await turn()
    expect(listeners.size).toBe(1)
    client.close()
    await turn()
    expect(listeners.size).toBe(0)
    await expect(client.request('runs.list', {})).rejects.toThrow('the connection to the lab is lost')
  })

  it('tells whoever subscribes why there will be no events, and of others nothing', async () => {
    const watched = new Set<number>()
    const lab = smallLab({
      'runs.watch': ({ run }, listener) => {
        if (run > 2) throw new UserError(`there is no run ${run}`)
        watched.add(run)
        listener({ steps: [], epochs: [] })
        return () => void watched.delete(run)
      },
    })
    const { client } = overPort(lab)
    const heard: string[] = []
    const watch = (run: number): (() => void) =>
      client.subscribe('runs.watch', { run }, () => heard.push(`event ${run}`), (error) => heard.push(`${error.name} ${error.message}`)) // prettier-ignore
    const letGo = [1, 7, 2].map(watch)
    client.subscribe('runs.watch', { run: 8 }, () => heard.push('event 8'))
    await turn()
    expect(heard.filter((word) => !word.startsWith('event'))).toEqual(['UserError there is no run 7'])
    for (const release of letGo) release()
    await turn()
    expect(watched.size).toBe(0)
  })

  it('is not disturbed by messages that are none', async () => {
    const { client, near } = overPort(smallLab({ 'presets.list': () => [] }))
    for (const message of [
      null,
      3,
      'x',
      [],
      {},
      { type: 'request' },
      { type: 'request', id: 1.5, name: 'presets.list' },
      { type: 'release', id: 99 },
    ])
      near.postMessage(message)
    expect(await client.request('presets.list', {})).toEqual([])
  })
})

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
