/** Runs, their steps and epochs. */
export default `
  CREATE TABLE runs (
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
  ) STRICT;
`
