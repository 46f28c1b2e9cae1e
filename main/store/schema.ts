import type Database from 'libsql'
import { UserError } from '../../shared/errors'

/**
 * One script per version; a store is brought up by those it has not seen. Scripts that were released never change.
 *
 * A float that is NaN is NULL in its column, since SQLite has no NaN. Arrays are little-endian float32.
 */
const migrations: readonly string[] = [
  `CREATE TABLE runs (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     name TEXT NOT NULL,
     state TEXT NOT NULL,
     problem TEXT,                       -- JSON of RunProblem
     configuration TEXT NOT NULL,        -- JSON of Configuration, the network document in it
     preset TEXT, network TEXT NOT NULL, dataset TEXT NOT NULL, seed INTEGER NOT NULL,
     units TEXT NOT NULL,                -- JSON of Unit[]
     parameters INTEGER, device TEXT,
     versions TEXT NOT NULL,             -- JSON of name -> version
     steps INTEGER NOT NULL, steps_per_epoch INTEGER NOT NULL,   -- planned; 0 where not known yet
     created_at TEXT NOT NULL, started_at TEXT, ended_at TEXT,   -- ISO 8601, UTC
     owner TEXT, owner_pid INTEGER       -- the lab that trains it, while it lives; see ownership.ts
   ) STRICT;
   CREATE TABLE steps (
     run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
     step INTEGER NOT NULL, epoch INTEGER NOT NULL,
     loss REAL, accuracy REAL, rate REAL, ms REAL,
     norms BLOB NOT NULL,
     PRIMARY KEY (run, step)
   ) STRICT;
   CREATE TABLE epochs (
     run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
     epoch INTEGER NOT NULL, first_step INTEGER NOT NULL, last_step INTEGER NOT NULL,
     train_loss REAL, train_accuracy REAL,
     tested INTEGER NOT NULL, test_loss REAL, test_accuracy REAL,   -- tested = 0: the test split was not evaluated
     seconds REAL,
     ratio_mean BLOB NOT NULL, ratio_min BLOB NOT NULL, ratio_max BLOB NOT NULL,
     PRIMARY KEY (run, epoch)
   ) STRICT;`,
  `ALTER TABLE runs ADD COLUMN notices TEXT NOT NULL DEFAULT '[]';          -- JSON of RunNotice[]
   ALTER TABLE runs ADD COLUMN comes_back INTEGER NOT NULL DEFAULT 0;       -- 1: it was cut off, and a lab that stays open takes it up again
   ALTER TABLE steps ADD COLUMN gradient_norm REAL;
   ALTER TABLE steps ADD COLUMN activations BLOB;                           -- the measures that were asked for; NULL where not
   ALTER TABLE steps ADD COLUMN weights BLOB;
   ALTER TABLE steps ADD COLUMN updates BLOB;
   CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;  -- JSON`,
]

export const STORE_VERSION = migrations.length

/** Brings the store up to this program's version, all or nothing. @throws UserError for a store from the future. */
export function migrate(database: Database.Database, file: string): void {
  if (version(database) === STORE_VERSION) return
  if (version(database) === 0) database.pragma('auto_vacuum = INCREMENTAL')
  database.exec('BEGIN IMMEDIATE')
  try {
    // Asked again under the lock: another lab may have migrated in between.
    const found = version(database)
    if (found > STORE_VERSION)
      throw new UserError(`the store has version ${found}, this NormLab knows versions up to ${STORE_VERSION}`, {
        place: file,
        remedy: 'use the newer NormLab that wrote it, or choose another data folder',
      })
    for (const script of migrations.slice(found)) database.exec(script)
    database.exec(`PRAGMA user_version = ${STORE_VERSION}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function version(database: Database.Database): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version
}
