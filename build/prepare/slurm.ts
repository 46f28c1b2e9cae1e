import { existsSync } from 'node:fs'
import { installPackages, mayInstall } from './apt'
import { findProgram } from './command'

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
  if (!mayInstall()) return
  const missing = missingSlurm()
  if (missing.length > 0) await installPackages(missing, 'the tests of clusters')
}
