import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { SHIPPED_LIST } from '../../main/lab/shipped-files'

/** Writes the list of all files of the unpacked app with their sizes and hashes, by which the self-test knows whether they are as they were shipped. */
export async function writeFilesList(app: string): Promise<void> {
  const list = path.join(app, 'resources', SHIPPED_LIST)
  const entries = await readdir(app, { withFileTypes: true, recursive: true })
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(app, path.join(entry.parentPath, entry.name)))
  const files: { name: string; bytes: number; sha256: string }[] = []
  for (const name of names.sort()) {
    const file = path.join(app, name)
    if (file === list) continue
    const hash = createHash('sha256')
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) hash.update(piece)
    files.push({ name, bytes: (await stat(file)).size, sha256: hash.digest('hex') })
  }
  await writeFile(list, JSON.stringify({ files }) + '\n')
}
