/** What readers add to runs, experiments, comparisons; a step's numbers without its norms. */
export default `
  ALTER TABLE runs ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';            -- JSON of string[]
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
  ) STRICT;
`
