import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../../shared/errors'
import { CommandMissing, run, type Outcome } from './command'
import { openProgress } from './progress'
import type { Wheel } from './wheels'

/** A download that has not grown for this long is given up. */
const STALLED_MS = 180_000

const PIP_REMEDY = 'install Python 3 with pip (Debian and Ubuntu: apt-get install python3-pip), then run this again'

/**
 * Downloads a wheel into `folder` and checks it. pip does the talking, so its index, proxy, certificates and credentials
 * hold here too; its temporary files are kept in `folder`, where their growth shows how far it is.
 * @returns The wheel's file.
 * @throws UserError where pip is missing, the index cannot be reached or lacks the wheel, or the checksum is wrong.
 */
export async function downloadWheel(wheel: Wheel, folder: string): Promise<string> {
  const title = `Getting ${wheel.project} ${wheel.version}`
  const [scratch, target] = [path.join(folder, 'pip'), path.join(folder, 'wheel')]
  await mkdir(scratch, { recursive: true })
  const pip = await findPip()
  const progress = openProgress(title, wheel.bytes)
  const stalled = new AbortController()
  let [seen, grewAt] = [0, Date.now()]
  const watch = setInterval(() => {
    void sizeOfWheels(scratch).then((bytes) => {
      if (bytes > seen) [seen, grewAt] = [bytes, Date.now()]
      if (Date.now() - grewAt > STALLED_MS) stalled.abort()
      progress.update(seen)
    })
  }, 250)
  let outcome: Outcome
  try {
    const args = [...pip.slice(1), ...pipArguments(wheel, target)]
    outcome = await run(pip[0]!, args, {
      env: { ...process.env, TMPDIR: scratch, TMP: scratch, TEMP: scratch },
      signal: stalled.signal,
    })
  } finally {
    clearInterval(watch)
    progress.stop()
    await rm(scratch, { recursive: true, force: true })
  }
  if (outcome.status !== 0) throw explainPip(wheel, outcome, stalled.signal.aborted)
  const [name] = await readdir(target)
  if (!name) throw new Error(`pip left no wheel: ${outcome.stdout}`)
  const file = path.join(target, name)
  await requireChecksum(file, wheel)
  return file
}

function pipArguments(wheel: Wheel, target: string): string[] {
  return [
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--progress-bar=off',
    '--retries=3',
    '--implementation=cp',
    `--python-version=${wheel.pythonVersion}`,
    ...wheel.platforms.map((platform) => `--platform=${platform}`),
    `--dest=${target}`,
    `${wheel.project}==${wheel.version}`,
  ]
}

/** The command that starts pip, whatever the system calls it. */
async function findPip(): Promise<readonly [string, ...string[]]> {
  const candidates: [string, ...string[]][] = [['python3', '-m', 'pip'], ['pip3'], ['python', '-m', 'pip'], ['pip']]
  for (const [command, ...args] of candidates) {
    try {
      const { status, stdout } = await run(command, [...args, '--version'])
      if (status === 0 && /python 3/.test(stdout)) return [command, ...args]
    } catch (error) {
      if (!(error instanceof CommandMissing)) throw error
    }
  }
  throw new UserError('pip for Python 3 was not found, and TensorFlow comes from the Python package index', {
    remedy: PIP_REMEDY,
  })
}

/** Bytes of the largest file beneath `folder`: the wheel that pip is writing. */
async function sizeOfWheels(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const sizes = entries.map((entry) => {
    const inner = path.join(folder, entry.name)
    if (entry.isDirectory()) return sizeOfWheels(inner)
    return stat(inner).then(
      (found) => found.size,
      () => 0,
    )
  })
  return Math.max(0, ...(await Promise.all(sizes)))
}

async function requireChecksum(file: string, wheel: Wheel): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const found = hash.digest('hex')
  if (found === wheel.sha256) return
  throw new UserError(
    `the checksum is wrong (sha256 ${found.slice(0, 12)}…, expected ${wheel.sha256.slice(0, 12)}…), so nothing of it was used`,
    {
      place: path.basename(file),
      remedy: 'run this again, and if it stays, look at which package index pip uses (pip config list)',
    },
  )
}

function explainPip(wheel: Wheel, outcome: Outcome, stalled: boolean): Error {
  const said = outcome.stderr + outcome.stdout
  const place = `${wheel.project} ${wheel.version}`
  const reach = 'check the network, or the index that pip is set to (pip config list), then run this again'
  if (stalled) return new UserError('the download has stood still for three minutes', { place, remedy: reach })
  if (/No space left on device|Disk quota exceeded/i.test(said)) return Object.assign(new Error(said), { code: 'ENOSPC' })
  if (/Permission denied|Read-only file system/i.test(said)) return Object.assign(new Error(said), { code: 'EACCES' })
  const network =
    /(NewConnectionError|ConnectTimeoutError|ReadTimeoutError|NameResolutionError|ProxyError|SSLError|ConnectionError|Connection refused|Temporary failure in name resolution|HTTP error \d+|\d{3} (?:Client|Server) Error)/.exec(
      said,
    )
  if (network) return new UserError(`the package index could not be reached (${network[1]})`, { place, remedy: reach })
  if (/No matching distribution/.test(said)) {
    return new UserError('the package index does not have it', {
      place,
      remedy: 'set pip to an index that mirrors PyPI (pip config list shows the present one), then run this again',
    })
  }
  const reason = /^ERROR: (.*)$/m.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? 'no reason given'
  return new UserError(`pip could not download it (${reason})`, { place, remedy: 'run this again' })
}
