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

/** Whether a name may be in a backup: the store, or a file below one of the folders, by a path that leads nowhere else. */
export function isBackupName(name: string): boolean {
  if (name === DATABASE) return true
  const [folder, ...rest] = name.split('/')
  if (!(KEPT_FOLDERS as readonly string[]).includes(folder!) || rest.length === 0 || name.length > 1000) return false
  return rest.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\u0000-\u001f\\:]/.test(part))
}
