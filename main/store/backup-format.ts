import { z } from 'zod'

/** A backup is a tar file: what it is, the run store, the files of these folders, and at the end the SHA-256 of each. */
export const BACKUP_FILE = 'normlab-backup.json'
export const HASHES_FILE = 'hashes.json'
export const DATABASE = 'normlab.db'
export const KEPT_FOLDERS = ['checkpoints', 'weights', 'datasets'] as const

export const BackupHead = z.object({
  format: z.literal('normlab/backup'),
  version: z.literal(1),
  /** The NormLab that wrote it, and the version of its store. */
  program: z.string().max(100),
  store: z.number().int().min(1),
  at: z.string().max(40),
})
export type BackupHead = z.infer<typeof BackupHead>

/** Of each of the two texts in a backup, at most. */
export const MOST_TEXT_BYTES = 256e6
/** Characters of a name in a backup, at most. */
export const LONGEST_NAME = 1000

/**
 * Whether a name may be in a backup that is restored here: the store, or a file below one of the folders, by a path that leads nowhere else. Links lead to other
 * people's files, whose names may be any that the system has: of these only control characters are refused, and on Windows what separates folders or disks there.
 */
export function isBackupName(name: string, platform: NodeJS.Platform = process.platform): boolean {
  if (name === DATABASE) return true
  const [folder, ...rest] = name.split('/')
  if (!(KEPT_FOLDERS as readonly string[]).includes(folder!) || rest.length === 0 || name.length > LONGEST_NAME) return false
  const refused = platform === 'win32' ? /[\u0000-\u001f\\:]/ : /[\u0000-\u001f]/
  return rest.every((part) => part !== '' && part !== '.' && part !== '..' && !refused.test(part))
}
