import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { findProgram } from '../../build/prepare/command'

/** A network that gives nothing ends the wait, as nobody can end what is waited for in one piece. */
const NETWORK_LIMIT_MS = 300_000

/** A Debian of its own in a folder, with nothing in it but the base system. */
export interface CleanRoot {
  /** The folder. */
  readonly folder: string
  /** A command that runs another one in it, as this user id, with these variables alone. */
  command(words: readonly string[], user: number, env?: Readonly<Record<string, string>>): string[]
  /** Runs a command in it as root, to its end. @returns what it printed. */
  run(words: readonly string[]): string
}

/**
 * Enters the root as a machine would that boots it: it becomes the root of the mount namespace. A chroot would not do, as the kernel gives nobody in
 * one a user namespace, which Chromium's sandbox wants.
 */
const ENTER = `#!/bin/sh
set -e
root=$1 user=$2
shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mkdir -p "$root/tmp/.X11-unix" "$root/.old"
[ ! -d /tmp/.X11-unix ] || mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
cd "$root"
pivot_root . .old
umount -l /.old
cd /
exec setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
`

/** Why there can be no clean root here, or undefined. Brings mmdebstrap where it may. */
export function noCleanRoot(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux may make another system'
  if (spawnSync('unshare', ['--mount', 'true']).status !== 0) return 'no mount namespace can be had'
  if (!findProgram(['mmdebstrap']) && findProgram(['apt-get'])) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const aptGet = (...words: string[]): boolean =>
      spawnSync('apt-get', words, { stdio: 'ignore', env, timeout: NETWORK_LIMIT_MS }).status === 0
    const install = (): boolean => aptGet('install', '-y', '--no-install-recommends', 'mmdebstrap')
    // The lists of packages may be old, or not there at all.
    if (!install() && aptGet('update')) install()
  }
  return findProgram(['mmdebstrap']) ? undefined : 'mmdebstrap is not here'
}

/** The release that this machine runs, so that its archive is one that can be reached. */
function release(): { suite: string; mirror: string } | undefined {
  const policy = execFileSync('apt-cache', ['policy'], { encoding: 'utf8' })
  const found = /(https?:\/\/\S+) (\w+)\/main/.exec(policy)
  return found ? { suite: found[2]!, mirror: found[1]! } : undefined
}

/** Makes a clean root. @returns undefined where the archive cannot be reached. */
export function makeCleanRoot(folder: string): CleanRoot | undefined {
  const known = release()
  if (!known) return undefined
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  // The lists of packages are kept for what is installed next. Nobody minds what a power cut does to it.
  const options = [
    '--mode=root',
    '--variant=apt',
    '--include=mount',
    '--skip=cleanup/apt',
    '--aptopt=APT::Sandbox::User "root"',
    '--dpkgopt=force-unsafe-io',
  ]
  const { status } = spawnSync('mmdebstrap', [...options, known.suite, folder, known.mirror], {
    stdio: 'ignore',
    timeout: NETWORK_LIMIT_MS,
  })
  if (status !== 0) return undefined
  const enter = path.join(path.dirname(folder), 'enter.sh')
  writeFileSync(enter, ENTER)
  const command = (words: readonly string[], user: number, env: Readonly<Record<string, string>> = {}): string[] => [
    ...['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive', 'LANG=C.UTF-8'],
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...['unshare', '--mount', 'sh', enter, folder, `${user}`, ...words],
  ]
  return {
    folder,
    command,
    run: (words) => {
      const [program, ...args] = command(words, 0)
      return execFileSync(program!, args, {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 1 << 26,
        timeout: NETWORK_LIMIT_MS,
      })
    },
  }
}
