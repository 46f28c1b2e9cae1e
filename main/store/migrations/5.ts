/** Deleted runs that can come back, and the layouts of what is derived. */
export default `
  ALTER TABLE runs ADD COLUMN deleted_at TEXT;                             -- out of the list since; purged later
  ALTER TABLE runs ADD COLUMN scalars_version INTEGER NOT NULL DEFAULT 0;  -- of the rows in scalars; 0: there are none yet
  UPDATE runs SET scalars_version = 1 WHERE EXISTS (SELECT 1 FROM scalars WHERE run = runs.id);
  ALTER TABLE epochs ADD COLUMN measured INTEGER;                          -- steps whose norms were measured; derived where NULL
  ALTER TABLE epochs ADD COLUMN not_finite BLOB;                           -- float32 a unit: those of them without a finite ratio
  -- Made anew, as it is derived; the first stores of version 3 had none.
  DROP TABLE IF EXISTS packed_curves;
  CREATE TABLE packed_curves (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, stretch INTEGER NOT NULL,
    layout INTEGER NOT NULL,                                               -- of the bytes in data; see packed-curves.ts
    data BLOB NOT NULL,
    PRIMARY KEY (run, stretch)
  ) STRICT;
`
