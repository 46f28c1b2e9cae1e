import type { Wheel } from '../../main/engine/packs/wheels'
import { UserError } from '../../shared/errors'
import { CommandMissing, run, type Outcome } from './command'

/** A command and its first arguments. */
export type Pip = readonly [command: string, ...args: string[]]

/** The first pip that takes several platforms, which it needs to choose a wheel for another Python than its own. */
const OLDEST = [20, 3] as const

/** Settings of a user's pip that have a meaning for installing, and would stop a mere download. */
export const PIP_SETTINGS = { PIP_REQUIRE_VIRTUALENV: '0', PIP_REQUIRE_HASHES: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' }

/**
 * The command that starts pip, whatever the system calls it.
 * @throws UserError where there is none, or only an old one.
 */
export async function findPip(): Promise<Pip> {
  const candidates: Pip[] = [['python3', '-m', 'pip'], ['pip3'], ['python', '-m', 'pip'], ['pip']]
  let old: string | undefined
  for (const [command, ...args] of candidates) {
    try {
      const { status, stdout } = await run(command, [...args, '--version'])
      const [, major, minor] = /^pip (\d+)\.(\d+).*python 3/.exec(stdout) ?? []
      if (status !== 0 || !major || !minor) continue
      if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) return [command, ...args]
      old = `${major}.${minor}`
    } catch (error) {
      if (!(error instanceof CommandMissing)) throw error
    }
  }
  if (old)
    throw new UserError(`pip ${old} is too old`, { remedy: 'run `python3 -m pip install --upgrade pip`, then run this again' })
  throw new UserError('pip for Python 3 was not found, and TensorFlow comes from the Python package index', {
    remedy: 'install Python 3 with pip (Debian and Ubuntu: apt-get install python3-pip), then run this again',
  })
}

/** What urllib3, requests and pip call the ways in which a network fails. */
const NETWORK =
  /NewConnectionError|ConnectTimeoutError|ReadTimeoutError|NameResolutionError|ProxyError|SSLError|ConnectionError|Connection refused|Temporary failure in name resolution|HTTP error \d+|\d{3} (?:Client|Server) Error/

/** Whether the index answered, and has nothing of the kind for this system. Of an index that it cannot reach pip says so too, at the end. */
export const isNotThere = ({ stdout, stderr }: Outcome): boolean =>
  !NETWORK.test(stderr + stdout) && /No matching distribution/.test(stderr + stdout)

/** Why pip failed, in a sentence with the way out; a full disk and a missing permission keep their error codes. */
export function explainPip(wheel: Wheel, outcome: Outcome & { readonly stalled: boolean }): Error {
  const said = outcome.stderr + outcome.stdout
  const place = `${wheel.project} ${wheel.version}`
  const reach = 'check the network, or the index that pip is set to (pip config list), then run this again'
  if (outcome.stalled) return new UserError('the download has come to a standstill', { place, remedy: reach })
  if (/No space left on device|Disk quota exceeded/i.test(said)) return Object.assign(new Error(said), { code: 'ENOSPC' })
  if (/Permission denied|Read-only file system/i.test(said)) return Object.assign(new Error(said), { code: 'EACCES' })
  const network = NETWORK.exec(said)
  if (network) return new UserError(`the package index could not be reached (${network[0]})`, { place, remedy: reach })
  if (said.includes('No matching distribution')) {
    const remedy = 'set pip to an index that mirrors PyPI (pip config list shows the present one), then run this again'
    return new UserError('the package index does not have it', { place, remedy })
  }
  const reason = /^ERROR: (.*)$/m.exec(said)?.[1] ?? said.trim().split('\n').at(-1) ?? 'no reason given'
  return new UserError(`pip could not download it (${reason})`, { place, remedy: 'run this again' })
}
