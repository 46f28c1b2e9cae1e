import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { PreparedRay } from '../../build/prepare/ray'
import { freePorts, until } from './slurm'

/** A Ray head with two cores on this machine, in a temporary folder, which asks for a token. */
export interface RayHead {
  readonly folder: string
  readonly address: string
  readonly token: string
  /** Kills all that runs of a job, as a node's power cut would; the head lives on. */
  killJob(mark: string): void
  /** Kills the head with all its jobs, and starts another one at its address, which knows nothing of them. */
  restart(): Promise<void>
  close(): void
}

export async function startRay({ python, folder: packages }: PreparedRay): Promise<RayHead> {
  // A socket's path is short.
  const folder = mkdtempSync(path.join(tmpdir(), 'nl-ray-'))
  const [dashboard] = (await freePorts(1)) as [number]
  const token = randomBytes(32).toString('hex')
  const address = `http://127.0.0.1:${dashboard}`
  const env = {
    ...process.env,
    ...{ PYTHONPATH: packages, RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: token, RAY_TMPDIR: folder, NORMLAB_TEST_RAY: folder },
  }
  const start = async (tries = 2): Promise<void> => {
    const [gcs, client, agent] = (await freePorts(3)) as [number, number, number]
    const child = spawn(
      python,
      [
        ...['-c', 'from ray.scripts.scripts import main; main()', 'start', '--head', '--disable-usage-stats', '--num-cpus=2'],
        ...['--dashboard-host=127.0.0.1', `--dashboard-port=${dashboard}`, `--port=${gcs}`, `--ray-client-server-port=${client}`],
        ...[`--dashboard-agent-listen-port=${agent}`, '--object-store-memory=80000000', `--temp-dir=${path.join(folder, 't')}`],
      ],
      { env, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()))
    let status: number | null | undefined
    child.on('exit', (code) => (status = code))
    await until(() => status !== undefined, 'the head')
    if (status !== 0) {
      // It gives its own processes half a minute, which a busy machine may not.
      killAll('')
      if (tries > 1) return start(tries - 1)
      throw new Error(`Ray did not start: ${said}`)
    }
    // The processes that it left behind hold these open.
    for (const stream of [child.stdout, child.stderr]) stream.destroy()
    await until(async () => (await answers(address, token)) === 200, 'the Jobs interface')
  }
  /** Every process of this head and its jobs, by what stands in its environment. */
  const killAll = (mark: string): void => {
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) continue
      try {
        const told = readFileSync(`/proc/${name}/environ`, 'latin1') + readFileSync(`/proc/${name}/cmdline`, 'latin1')
        if (told.includes(`NORMLAB_TEST_RAY=${folder}`) && told.includes(mark)) process.kill(Number(name), 'SIGKILL')
      } catch {
        // It is gone already.
      }
    }
  }
  try {
    await start()
  } catch (error) {
    killAll('')
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    ...{ folder, address, token },
    killJob: (mark) => killAll(mark),
    async restart() {
      killAll('')
      await start()
    },
    close() {
      killAll('')
      spawnSync('sleep', ['0.3'])
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function answers(address: string, token: string): Promise<number | undefined> {
  const headers = { Authorization: `Bearer ${token}` }
  return fetch(`${address}/api/jobs/`, { headers }).then(
    ({ status }) => status,
    () => undefined,
  )
}
