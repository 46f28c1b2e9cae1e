import { readdir } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { run } from '../prepare/command'

/** The oldest system that packages are promised for, Ubuntu 22.04: its glibc and its libstdc++. */
export const OLDEST = { GLIBC: '2.35', GLIBCXX: '3.4.30' } as const
type Family = keyof typeof OLDEST

/** What the shipped programs and libraries want of the system. */
export interface Wanted {
  /** Names of libraries (`libc.so.6`) that are not shipped, in order. */
  readonly libraries: readonly string[]
  /** The highest version of each family's symbols, with the file that wants it. */
  readonly highest: Readonly<Record<Family, { readonly version: string; readonly file: string } | undefined>>
}

/** Looks at every ELF file under a folder. */
export async function wantedLibraries(folder: string): Promise<Wanted> {
  const files = await elfFiles(folder)
  const shipped = new Set(files.map((file) => path.basename(file)))
  const libraries = new Set<string>()
  const highest: Record<Family, { version: string; file: string } | undefined> = { GLIBC: undefined, GLIBCXX: undefined }
  for (const file of files) {
    const { status, stdout } = await run('readelf', ['--dynamic', '--version-info', '--wide', file])
    if (status !== 0) throw new Error(`readelf cannot read ${file}`)
    for (const [, name] of stdout.matchAll(/\(NEEDED\)\s+Shared library: \[([^\]]+)\]/g)) {
      if (!shipped.has(name!) && !name!.startsWith('ld-linux')) libraries.add(name!)
    }
    for (const [, family, version] of stdout.matchAll(/Name: (GLIBC|GLIBCXX)_([\d.]+)\s/g)) {
      const known = highest[family as Family]
      if (!known || compareVersions(version!, known.version) > 0)
        highest[family as Family] = { version: version!, file: path.relative(folder, file) }
    }
  }
  return { libraries: [...libraries].sort(), highest }
}

/** @throws UserError where something would not load on the oldest promised system. */
export function checkAge({ highest }: Wanted): void {
  for (const family of ['GLIBC', 'GLIBCXX'] as const) {
    const found = highest[family]
    if (!found || compareVersions(found.version, OLDEST[family]) <= 0) continue
    throw new UserError(`it wants ${family}_${found.version}, and packages are promised from ${family}_${OLDEST[family]} on`, {
      place: found.file,
      remedy: 'prepare it on a system that is no newer than Debian 12',
    })
  }
}

/** Below 0 where `a` is the older one: `2.9` is older than `2.28`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

async function elfFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name))
  const isElf = await Promise.all(files.map(hasElfMagic))
  return files.filter((_, i) => isElf[i]).sort()
}

async function hasElfMagic(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && buffer.toString('latin1') === '\x7fELF'
  } finally {
    await handle.close()
  }
}
