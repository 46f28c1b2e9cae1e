import path from 'node:path'
import { z } from 'zod'
import { readPrivate } from '../files/private-file'
import { OWNERS, writeFile } from '../files/write-file'

/** Where the lab was served, so that a page that is left open finds it again after a restart. */
const Kept = z.object({ token: z.string().regex(/^[0-9a-f]{64}$/), port: z.number().int().min(1).max(65535) })
export type KeptAddress = z.infer<typeof Kept>

const fileOf = (home: string): string => path.join(home, 'serve.json')

/** The token and port of the last time; null where there was none, or another user of this machine could have read it. */
export function keptAddress(home: string): KeptAddress | null {
  try {
    return Kept.parse(JSON.parse(readPrivate(fileOf(home))))
  } catch {
    return null
  }
}

/** Keeps them for the next time, for the user alone. */
export function keepAddress(home: string, address: KeptAddress): void {
  const kept = keptAddress(home)
  if (kept?.token === address.token && kept.port === address.port) return
  try {
    writeFile(fileOf(home), JSON.stringify(address), OWNERS)
  } catch {
    // In a folder that cannot be written the pages are served all the same; after a restart they have to be opened anew.
  }
}
