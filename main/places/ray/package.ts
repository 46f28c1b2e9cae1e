import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { encodeZip, type ZipFile } from '../../formats/zip-write'

/** Ray's head takes 100 MiB of one request; larger data sets are put into the shared folder by hand. */
const MOST_BYTES = 90e6

/** What a grid's jobs find in the folder where they begin. */
export interface Package {
  /** Of what is in it: the same grid is sent once. */
  readonly name: string
  readonly bytes: Buffer
}

/** @param datasets Folders of data sets; what would make the package too large is left out. */
export function packGrid(specification: string, datasets: readonly string[]): Package {
  const cells = Buffer.from(specification)
  const entries: ZipFile[] = [{ name: 'cells.json', pieces: [cells], isDeflated: true }]
  let room = MOST_BYTES - cells.length
  for (const folder of datasets) {
    const files = filesOf(folder)
    const bytes = files.reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0)
    if (bytes > room) continue
    room -= bytes
    for (const file of files)
      entries.push({
        name: ['datasets', path.basename(folder), ...file.split(path.sep)].join('/'),
        pieces: [readFileSync(path.join(folder, file))],
        isDeflated: true,
      })
  }
  const bytes = Buffer.concat(encodeZip(entries))
  return { name: `normlab_${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.zip`, bytes }
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}
