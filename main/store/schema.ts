import type Database from 'libsql'
import { UserError } from '../../shared/errors'
import { deriveScalars } from './scalars'

/**
 * One script or function per version; a store is brought up by those it has not seen. Scripts that were released never change.
 *
 * A float that is NaN is NULL in its column, since SQLite has no NaN. Arrays are little-endian float32.
 */
const migrations: readonly (string | ((database: Database.Database) => void))[] = [
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
  (database) => {
    database.exec(
      `ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';            -- JSON of string[]
       ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
       ALTER TABLE runs ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
       ALTER TABLE runs ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
       CREATE TABLE experiments (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         definition TEXT NOT NULL,           -- JSON of ExperimentDefinition
         created_at TEXT NOT NULL
       ) STRICT;
       ALTER TABLE runs ADD COLUMN experiment INTEGER REFERENCES experiments (id) ON DELETE SET NULL;
       ALTER TABLE runs ADD COLUMN cell TEXT;                                  -- JSON of Cell
       CREATE INDEX runs_by_experiment ON runs (experiment);
       CREATE TABLE annotations (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
         step INTEGER NOT NULL, unit INTEGER, text TEXT NOT NULL, at TEXT NOT NULL
       ) STRICT;
       CREATE INDEX annotations_by_run ON annotations (run);
       CREATE TABLE comparisons (
         id INTEGER PRIMARY KEY AUTOINCREMENT,
         name TEXT NOT NULL, layout TEXT NOT NULL, created_at TEXT NOT NULL    -- JSON of ComparisonLayout
       ) STRICT;
       -- Each step's numbers without its norms, so that curves are read without them. Derived from steps.
       CREATE TABLE scalars (
         run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, step INTEGER NOT NULL, epoch INTEGER NOT NULL,
         loss REAL, accuracy REAL, rate REAL, ms REAL, at REAL, gradient_norm REAL,
         chain REAL, covering_c REAL, deviation REAL, low REAL, high REAL,     -- shared/norms/step-measures.ts
         PRIMARY KEY (run, step)
       ) STRICT, WITHOUT ROWID;
       -- Whole stretches of scalars as columns, so that a long curve is read without its rows. Derived from scalars; see packed-curves.ts.
       CREATE TABLE packed_curves (
         run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, stretch INTEGER NOT NULL, data BLOB NOT NULL,
         PRIMARY KEY (run, stretch)
       ) STRICT;`,
    )
    deriveScalars(database)
  },
  `CREATE TABLE library (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     name TEXT NOT NULL,
     document TEXT NOT NULL,             -- JSON of NetworkDocument or BlockDocument, under the same name
     created_at TEXT NOT NULL, changed_at TEXT NOT NULL,
     deleted_at TEXT,                    -- out of the list since; see library.ts
     weights TEXT                        -- JSON of ItemWeights; the file is named by item and hash
   ) STRICT;
   CREATE TABLE library_versions (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     item INTEGER NOT NULL REFERENCES library (id) ON DELETE CASCADE,
     at TEXT NOT NULL, note TEXT NOT NULL, document TEXT NOT NULL
   ) STRICT;
   CREATE INDEX library_versions_by_item ON library_versions (item);`,
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
    for (const migration of migrations.slice(found)) {
      if (typeof migration === 'string') database.exec(migration)
      else migration(database)
    }
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
