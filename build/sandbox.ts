import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/**
 * What Chromium must be told about its sandbox here. The sandbox stays on wherever it can work: it is given up for root, whom
 * Chromium refuses otherwise, and for kernels that give nobody a user namespace.
 * @param folder Electron's distribution, where a setuid helper may lie.
 */
export function sandboxArguments(folder: string): string[] {
  if (process.platform !== 'linux') return []
  const reason =
    process.getuid?.() === 0
      ? 'running as root'
      : hasSetuidHelper(folder) || hasUserNamespaces()
        ? undefined
        : 'no user namespaces'
  if (!reason) return []
  process.stderr.write(`Chromium's sandbox is off (${reason}).\n`)
  return ['--no-sandbox']
}

function hasSetuidHelper(folder: string): boolean {
  try {
    const { uid, mode } = statSync(path.join(folder, 'chrome-sandbox'))
    return uid === 0 && (mode & 0o4001) === 0o4001
  } catch {
    return false
  }
}

function hasUserNamespaces(): boolean {
  const forbidden = [
    ['/proc/sys/user/max_user_namespaces', '0'],
    ['/proc/sys/kernel/unprivileged_userns_clone', '0'],
    ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1'],
  ] as const
  if (forbidden.some(([file, value]) => contentOf(file) === value)) return false
  // Containers may forbid it by a system call filter, which only trying shows.
  const { status, error } = spawnSync('unshare', ['--user', 'true'], { stdio: 'ignore' })
  return error !== undefined || status === 0
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
