import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { writeFile } from '../files/write-file'

const MOST = 10
const Paths = z.array(z.string().min(1).max(4096)).max(100)

/** Files that were opened lately, the latest first. */
export class RecentFiles {
  private paths: readonly string[]

  constructor(private readonly file: string) {
    this.paths = readPaths(file)
  }

  get list(): readonly string[] {
    return this.paths
  }

  add(opened: string): void {
    this.keep([opened, ...this.paths.filter((one) => one !== opened)].slice(0, MOST))
  }

  remove(gone: string): void {
    this.keep(this.paths.filter((one) => one !== gone))
  }

  clear(): void {
    this.keep([])
  }

  private keep(paths: readonly string[]): void {
    this.paths = paths
    try {
      writeFile(this.file, JSON.stringify(paths))
    } catch {
      // What cannot be remembered is no reason to disturb anybody.
    }
  }
}

/** None where they are unknown or unreadable. */
function readPaths(file: string): readonly string[] {
  try {
    return Paths.parse(JSON.parse(readFileSync(file, 'utf8')))
      .filter(path.isAbsolute)
      .slice(0, MOST)
  } catch {
    return []
  }
}
