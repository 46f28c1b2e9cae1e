import { EventEmitter } from 'node:events'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { WebSocket } from 'ws'
import { describe, expect, it, vi } from 'vitest'
import { NoAnswer } from '../../../main/places/place'
import { readJobs, readRoom } from '../../../main/places/ray/answers'
import { entrypoint } from '../../../main/places/ray/entrypoint'
import { JobLog } from '../../../main/places/ray/job-log'
import { encodeZip } from '../../../main/formats/zip-write'
import { packGrid } from '../../../main/places/ray/package'
import { RayPlace } from '../../../main/places/ray/ray'
import { RayService } from '../../../main/places/ray/service'
import { RayProfile } from '../../../shared/places/profile'
import { type ToldFile, toldLine } from '../../../shared/places/told-lines'

const GRID = '0123456789abcdef'
const job = (cell: number, attempt: number, told: object): object => ({
  type: 'SUBMISSION',
  submission_id: `normlab-${GRID}-${cell}-${attempt}`,
  ...told,
})

describe('what Ray says', () => {
  it('is read of each cell’s last job; other people’s are passed over', () => {
    const list = [
      job(0, 0, { status: 'RUNNING', message: 'Job is currently running.', error_type: null, driver_exit_code: null }),
      job(1, 1, { status: 'PENDING' }),
      job(1, 0, { status: 'FAILED', error_type: 'JOB_ENTRYPOINT_COMMAND_ERROR', driver_exit_code: -9 }),
      { ...job(2, 0, { status: 'RUNNING' }), submission_id: 'normlab-ffffffffffffffff-2-0' },
      { type: 'DRIVER', submission_id: null, status: 'RUNNING' },
      { submission_id: 'raysubmit_x', status: 'SOMETHING_NEW' },
    ]
    expect([...readJobs(list, GRID).values()].map(({ cell, attempt, state }) => [cell, attempt, state])).toEqual([
      [0, 0, { state: 'runs', words: 'RUNNING' }],
      [1, 1, { state: 'waits', words: 'PENDING' }],
    ])
  })

  it('tells a job’s own fault from the cluster’s, and from a queue that took too long', () => {
    const stateOf = (told: object): unknown => readJobs([job(0, 0, told)], GRID).get(0)!.state
    const failed = (error: string, code: number | null, message = ''): unknown =>
      stateOf({ status: 'FAILED', error_type: error, driver_exit_code: code, message })
    expect(failed('JOB_ENTRYPOINT_COMMAND_ERROR', 3)).toEqual({ state: 'gone', words: 'FAILED (exit status 3)' })
    expect(failed('JOB_ENTRYPOINT_COMMAND_ERROR', -9)).toMatchObject({ why: 'place' })
    expect(failed('JOB_ENTRYPOINT_COMMAND_ERROR', null, 'Job entrypoint command failed with exit code 137, last…')).toMatchObject({ words: 'FAILED (exit status 137)', why: 'place' }) // prettier-ignore
    expect(failed('JOB_SUPERVISOR_ACTOR_DIED', null)).toEqual({ state: 'gone', words: 'FAILED (job supervisor actor died)', why: 'place' }) // prettier-ignore
    expect(failed('JOB_SUPERVISOR_ACTOR_START_TIMEOUT', null)).toMatchObject({ why: 'queue' })
    expect(stateOf({ status: 'STOPPED' })).toMatchObject({ state: 'gone', why: 'cancelled' })
    expect(stateOf({ status: 'SUCCEEDED' })).toEqual({ state: 'gone', words: 'SUCCEEDED' })
  })

  it('says how much is free, where it says it', () => {
    const usage = (told: object): unknown => ({ data: { clusterStatus: { loadMetricsReport: { usage: told } } } })
    expect(readRoom(usage({ CPU: [1, 16], GPU: [0, 4], memory: [0, 1] }))).toBe('15 of 16 cores and 4 of 4 GPUs are free now')
    expect(readRoom(usage({}))).toBeNull()
    expect(readRoom({ result: false })).toBeNull()
  })
})

describe('what goes to a Ray cluster', () => {
  it('is a zip file that Python reads, of equal bytes for an equal grid', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'normlab-package-'))
    try {
      const set = path.join(folder, 'häuser')
      mkdirSync(path.join(set, 'train'), { recursive: true })
      writeFileSync(path.join(set, 'train/a.bin'), Buffer.alloc(100_000, 7))
      const made = packGrid('{"cells":1}', [set])
      expect(made).toEqual(packGrid('{"cells":1}', [set]))
      expect(made.name).toMatch(/^normlab_[0-9a-f]{32}\.zip$/)
      writeFileSync(path.join(folder, 'x.zip'), made.bytes)
      const script = 'import sys,zipfile,json; z=zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.testzip(), {n: len(z.read(n)) for n in z.namelist()}]))' // prettier-ignore
      const { stdout } = spawnSync('python3', ['-c', script, path.join(folder, 'x.zip')], { encoding: 'utf8' })
      expect(JSON.parse(stdout)).toEqual([null, { 'cells.json': 11, 'datasets/häuser/train/a.bin': 100_000 }])
      expect(Buffer.concat(encodeZip([]))).toHaveLength(22)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('runs a cell in the shared folder, in one line of a POSIX shell', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'normlab-entry-'))
    try {
      const profile = RayProfile.parse({ kind: 'ray', name: 'r', address: 'http://localhost:8265', folder: 'lab', command: 'echo ran' }) // prettier-ignore
      const package_ = path.join(folder, 'package')
      mkdirSync(path.join(package_, 'datasets/mine'), { recursive: true })
      writeFileSync(path.join(package_, 'cells.json'), '{}')
      writeFileSync(path.join(package_, 'datasets/mine/a'), 'a')
      const run = (cell: number, isToldOnly: boolean) =>
        spawnSync('sh', ['-c', entrypoint(profile, GRID, cell, isToldOnly)], {
          ...{ cwd: package_, env: { ...process.env, HOME: folder }, encoding: 'utf8' },
        })
      expect(entrypoint(profile, GRID, 4, false)).not.toContain('\n')
      expect(run(4, false)).toMatchObject({ status: 0, stdout: 'ran cell cells.json 4 --home cell-4/home --out cell-4 --tell\n', stderr: '' }) // prettier-ignore
      expect(run(5, false)).toMatchObject({ status: 0, stderr: '' })
      const look = spawnSync('sh', ['-c', `cat lab/grids/${GRID}/cells.json lab/grids/${GRID}/cell-5/home/datasets/mine/a`], { cwd: folder, encoding: 'utf8' }) // prettier-ignore
      expect(look.stdout).toBe('{}a')
      expect(run(4, true)).toMatchObject({ status: 1, stdout: 'cell-4 has no last word there\n' })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** A connection to what a job prints. */
class Printed extends EventEmitter {
  pause(): void {}
  resume(): void {}
  terminate(): void {
    this.emit('close', 1006)
  }
  say(text: string): void {
    this.emit('message', Buffer.from(text))
  }
}
const told = (file: ToldFile, from: number, total: number | null, text: string): string =>
  toldLine(file, from, total, Buffer.from(text).toString('base64'))

describe('what a job prints', () => {
  const follow = (from = 0): { printed: Printed; log: JobLog } => {
    const printed = new Printed()
    return { printed, log: new JobLog(printed as unknown as WebSocket, from) }
  }

  it('becomes the cell’s log and last word, whatever stands between, and however it is cut', () => {
    const { printed, log } = follow()
    const text = `Running entrypoint for job x: y\nhalf a line${told('log', 0, null, 'one\n')}note\n${told('log', 4, null, 'two\n')}${told('end', 0, 2, '{}')}`
    for (const piece of text.match(/[^]{1,7}/g)!) printed.say(piece)
    expect(log.fetch(0)).toEqual({ log: Buffer.from('one\ntwo\n'), end: '{}' })
    expect(log.isWhole).toBe(true)
    expect(log.lastLines).toBe('half a line\nnote')
  })

  it('goes on from what is known, and passes over a piece that does not follow', () => {
    const { printed, log } = follow(4)
    printed.say(told('log', 0, null, 'one\ntw'))
    expect(log.fetch(4)).toEqual({ log: Buffer.from('tw'), end: null })
    printed.say(told('log', 6, null, 'o\n') + told('log', 99, null, 'lost\n'))
    expect(log.fetch(6)?.log).toEqual(Buffer.from('o\n'))
    expect(log.fetch(3)).toBeUndefined()
  })

  it('is refused where it is not that of the folder in which the cell began', () => {
    const { printed, log } = follow(5)
    printed.say(told('log', 0, null, 'one\ntwo\n'))
    expect(() => log.fetch(5)).toThrow(/not the one that the cell began in/)
  })
})

describe('a bundle that a job printed', () => {
  it('is printed by another one once the node of the first is gone', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'normlab-bundle-'))
    const list = [job(0, 0, { status: 'SUCCEEDED' })]
    const posted: unknown[] = []
    vi.spyOn(RayService.prototype, 'json').mockImplementation(() => Promise.resolve(list))
    vi.spyOn(RayService.prototype, 'ask').mockImplementation((_method, _path, body) => {
      posted.push(body)
      list.push(job(0, 1, { status: 'SUCCEEDED' }))
      return Promise.resolve({ status: 200, text: '' })
    })
    vi.spyOn(RayService.prototype, 'socket').mockImplementation((address) => {
      const printed = new Printed()
      setImmediate(() => {
        if (address.includes(`${GRID}-0-1`)) printed.say(told('bundle', 0, 4, 'tiny'))
        else printed.emit('close', 1006)
      })
      return printed as unknown as WebSocket
    })
    try {
      const place = new RayPlace(RayProfile.parse({ kind: 'ray', name: 'r', address: 'http://localhost:8265' }), () => undefined)
      const to = path.join(folder, 'bundle')
      for (let time = 0; time < 2; time++) await expect(place.bring(GRID, 0, to)).rejects.toThrow(NoAnswer)
      expect(posted).toEqual([])
      await place.bring(GRID, 0, to)
      expect(readFileSync(to, 'utf8')).toBe('tiny')
      expect(posted).toMatchObject([{ submission_id: `normlab-${GRID}-0-1`, entrypoint_num_cpus: 0 }])
    } finally {
      vi.restoreAllMocks()
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a Ray profile', () => {
  const least = { kind: 'ray', name: 'r', address: 'http://localhost:8265' }

  it('takes no address with a user, a question or another protocol', () => {
    for (const address of ['http://localhost:8265/', 'https://ray.example.org/cluster-1', 'http://[::1]:8265'])
      expect(RayProfile.safeParse({ ...least, address }).success, address).toBe(true)
    for (const address of [
      'http://me:secret@host',
      'http://h?token=1',
      'http://h/#x',
      'ftp://h',
      'file:///etc/passwd',
      'http://h h',
    ])
      expect(RayProfile.safeParse({ ...least, address }).success, address).toBe(false)
  })

  it('sends its token to this machine, or encrypted, and to nothing else', async () => {
    const service = new RayService(RayProfile.parse({ ...least, address: 'http://ray.example.org:8265' }), () => 'secret-word')
    const refused = await service.ask('GET', '/api/version').catch((error: unknown) => String(error))
    expect(refused).toContain('would go there unencrypted')
    expect(refused).not.toContain('secret-word')
    expect(() => service.socket('/x')).toThrow(/unencrypted/)
  })
})
