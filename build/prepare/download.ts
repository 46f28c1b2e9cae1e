import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Wheel } from '../../main/engine/packs/wheels'
import { UserError } from '../../shared/errors'
import { runWatched } from './growth'
import { explainPip, findPip, PIP_SETTINGS } from './pip'
import { openProgress } from './progress'

/** A download that has not grown for this long is given up. */
const STALLED_MS = 180_000

/**
 * Downloads a wheel into `folder` and checks it. pip does the talking, so its index, proxy, certificates and credentials
 * hold here too; its temporary files are kept in `folder`, where their growth shows how far it is.
 * @returns The wheel's file.
 * @throws UserError where pip is missing, the index cannot be reached or lacks the wheel, or the checksum is wrong.
 */
export async function downloadWheel(wheel: Wheel, folder: string): Promise<string> {
  const [scratch, target] = [path.join(folder, 'pip'), path.join(folder, 'wheel')]
  await mkdir(scratch, { recursive: true })
  const [command, ...args] = await findPip()
  const progress = openProgress(`Getting ${wheel.project} ${wheel.version}`, wheel.bytes)
  const outcome = await runWatched({
    command,
    args: [...args, ...pipArguments(wheel, target)],
    env: { ...process.env, ...PIP_SETTINGS },
    folder: scratch,
    stalledMs: STALLED_MS,
    onBytes: (bytes) => progress.update(bytes),
  }).finally(() => progress.stop())
  await rm(scratch, { recursive: true, force: true })
  if (outcome.status !== 0) throw explainPip(wheel, outcome)
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
    '--progress-bar=off',
    '--retries=3',
    '--implementation=cp',
    `--python-version=${wheel.pythonVersion}`,
    ...wheel.platforms.map((platform) => `--platform=${platform}`),
    `--dest=${target}`,
    `${wheel.project}==${wheel.version}`,
  ]
}

async function requireChecksum(file: string, wheel: Wheel): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const found = hash.digest('hex')
  if (found === wheel.sha256) return
  const digits = `sha256 ${found.slice(0, 12)}…, expected ${wheel.sha256.slice(0, 12)}…`
  throw new UserError(`the checksum is wrong (${digits}), so nothing of it was used`, {
    place: path.basename(file),
    remedy: 'run this again, and if it stays, look at which package index pip uses (pip config list)',
  })
}
