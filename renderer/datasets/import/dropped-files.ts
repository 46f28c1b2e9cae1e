import type { SentFile } from './tar'

/** More files than one sends through a browser. */
const MOST_FILES = 2_000_000

/** What was dropped, folders with all that is in them; the handles have to be taken while the drop is handled, so this begins at once. */
export async function droppedFiles(data: DataTransfer): Promise<SentFile[]> {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const found: SentFile[] = []
  for (const entry of entries) await walk(entry, found)
  return found
}

async function walk(entry: FileSystemEntry, found: SentFile[]): Promise<void> {
  if (found.length > MOST_FILES) throw new Error('too many files')
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    found.push({ path: entry.fullPath.replace(/^\/+/, ''), file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    // It gives a hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return
    for (const inner of some) await walk(inner, found)
  }
}
