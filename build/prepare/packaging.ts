import { existsSync } from 'node:fs'
import { isUserError } from '../../shared/errors'
import { prepareAppImageRuntime } from './appimage-runtime'
import { installPackages, mayInstall } from './apt'
import { findProgram } from './command'

/** Small programs that make packages or try them, with Debian's packages of them. An RPM is made and tried where somebody has installed `rpm`. */
const PROGRAMS = { mksquashfs: 'squashfs-tools', apparmor_parser: 'apparmor' }

/** Brings what every form of a package is made with, where that may be done; what cannot be had leaves its form out. */
export async function preparePackaging(): Promise<void> {
  if (process.platform !== 'linux') return
  const missing = Object.entries(PROGRAMS).flatMap(([program, name]) =>
    findProgram([program]) !== undefined || existsSync(`/usr/sbin/${program}`) ? [] : [name],
  )
  for (const work of [
    () => (missing.length > 0 && mayInstall() ? installPackages(missing, 'the tests of packages') : undefined),
    () => (process.arch === 'x64' ? prepareAppImageRuntime() : undefined),
  ]) {
    try {
      await work()
    } catch (error) {
      if (!isUserError(error)) throw error
      process.stderr.write(`Left out: ${error.message}\n`)
    }
  }
}
