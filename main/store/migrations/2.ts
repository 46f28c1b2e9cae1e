/** Notices, runs that come back, the other measures of a step, settings of the lab. */
export default `
  ALTER TABLE runs ADD COLUMN notices TEXT NOT NULL DEFAULT '[]';          -- JSON of RunNotice[]
  ALTER TABLE runs ADD COLUMN comes_back INTEGER NOT NULL DEFAULT 0;       -- 1: it was cut off, and a lab that stays open takes it up again
  ALTER TABLE steps ADD COLUMN gradient_norm REAL;
  ALTER TABLE steps ADD COLUMN activations BLOB;                           -- the measures that were asked for; NULL where not
  ALTER TABLE steps ADD COLUMN weights BLOB;
  ALTER TABLE steps ADD COLUMN updates BLOB;
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;  -- JSON
`
