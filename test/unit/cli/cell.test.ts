import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parse } from '../../../main/cli/arguments'
import { cellCommands } from '../../../main/cli/cell'
import type { Context } from '../../../main/cli/command'
import { StoreFailure } from '../../../main/store/failures'
import { Configuration } from '../../../shared/configuration'
import { UserError } from '../../../shared/errors'
import { CAN_GO_ON } from '../../../shared/places/cell-log'
import { CELLS_FORMAT, CELLS_VERSION } from '../../../shared/places/specification'

const [cell] = cellCommands

describe('the task of a cell', () => {
  let folder: string
  let out: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'normlab-cell-'))
    out = path.join(folder, 'cell-0')
    const configuration = Configuration.parse({
      network: { format: 'normlab/network', version: 1, name: 'tiny', nodes: [{ id: 'input', kind: 'input' }] },
    })
    const cells = [{ name: 'one', configuration }]
    const specification = { format: CELLS_FORMAT, version: CELLS_VERSION, grid: '0123456789abcdef', cells }
    writeFileSync(path.join(folder, 'cells.json'), JSON.stringify(specification))
  })
  afterEach(() => {
    vi.useRealTimers()
    rmSync(folder, { recursive: true })
  })
  const locked = new StoreFailure('another program keeps the database locked', {}, 'SQLITE_BUSY')
  /** @param request What the lab of the cell's data folder answers. */
  const task = (request: (name: string) => Promise<unknown>): { status: Promise<number>; said: () => string } => {
    let said = ''
    const status = cell!.run({
      words: parse(cell!, [path.join(folder, 'cells.json'), '0', '--out', out]),
      output: { print: () => undefined, say: (text: string) => void (said += text) },
      json: false,
      lab: () => ({ request, subscribe: () => () => undefined }),
      engine: () => undefined,
    } as unknown as Context)
    return { status, said: () => said }
  }
  const hasEnd = (): boolean => existsSync(path.join(out, 'end'))

  it('leaves, and can go on, where its store is locked or full', async () => {
    const { status, said } = task(() => Promise.reject(locked))
    expect([await status, hasEnd(), said()]).toEqual([CAN_GO_ON, false, `normlab: ${locked.message}\n`])
    const done = (name: string): Promise<unknown> => (name === 'runs.list' ? Promise.resolve([]) : Promise.reject(locked))
    expect([await task(done).status, hasEnd()]).toEqual([CAN_GO_ON, false])
  })

  it('leaves, and can go on, where another task is still at the run', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const known = { id: 1, state: 'running' }
    const { status, said } = task((name) => Promise.resolve(name === 'runs.list' ? [known] : known))
    await vi.advanceTimersByTimeAsync(130_000)
    expect([await status, hasEnd()]).toEqual([CAN_GO_ON, false])
    expect(said()).toMatch(/leaves, and comes again/)
  })

  it('says for good that it failed where no other task could do better', async () => {
    const refused = (name: string): Promise<unknown> =>
      name === 'runs.list' ? Promise.resolve([]) : Promise.reject(new UserError('there is no such data set'))
    await expect(task(refused).status).rejects.toThrow(/no such data set/)
    expect(JSON.parse(readFileSync(path.join(out, 'end'), 'utf8'))).toMatchObject({ state: 'failed' })
  })
})
