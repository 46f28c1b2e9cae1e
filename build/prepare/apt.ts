import { UserError } from '../../shared/errors'
import { findProgram, run } from './command'

/** Whether programs may be brought here: as root on a Debian or Ubuntu. */
export function mayInstall(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined
}

/**
 * Installs Debian's packages.
 *
 * @param need What they are for, as in `Installing NAMES for NEED`.
 * @throws UserError with the line that does it by hand.
 */
export async function installPackages(names: readonly string[], need: string): Promise<void> {
  process.stderr.write(`Installing ${names.join(', ')} for ${need}\n`)
  // No daemon of the packages shall start: the tests start their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
    const { status, stderr } = await run('apt-get', words, { env })
    if (status === 0) continue
    const reason = /^E: (.*)$/m.exec(stderr)?.[1] ?? stderr.trim().split('\n').at(-1) ?? 'no reason given'
    throw new UserError(`apt-get ${words[0]} failed (${reason})`, {
      remedy: `run by hand: apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`,
    })
  }
}
