import { existsSync } from 'node:fs'
import { UserError } from '../../shared/errors'
import { run } from './command'
import { findProgram } from './system'

/** A cluster for the tests of what is sent to one: Slurm's controller and nodes, its authentication, and the login node's sshd. */
const PROGRAMS = { slurmctld: 'slurmctld', slurmd: 'slurmd', munged: 'munge', squeue: 'slurm-client', sshd: 'openssh-server', ssh: 'openssh-client' } // prettier-ignore

/** Debian's packages of what is missing here. */
export function missingSlurm(): string[] {
  return Object.entries(PROGRAMS).flatMap(([program, name]) =>
    findProgram([program]) !== undefined || existsSync(`/usr/sbin/${program}`) ? [] : [name],
  )
}

/** Installs what is missing where we are root on a Debian or Ubuntu; elsewhere these tests say what they miss. */
export async function prepareSlurm(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !findProgram(['apt-get'])) return
  const missing = missingSlurm()
  if (missing.length === 0) return
  process.stderr.write(`Installing ${missing.join(', ')} for the tests of clusters\n`)
  // No daemon of the packages shall start: the tests start their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
    const { status, stderr } = await run('apt-get', words, { env })
    if (status !== 0)
      throw new UserError(`apt-get ${words[0]} failed: ${stderr.trim().split('\n').at(-1) ?? 'no reason given'}`, {
        remedy: `install by hand: apt-get install -y ${missing.join(' ')}`,
      })
  }
}
