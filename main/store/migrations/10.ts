/** Grids of runs that were sent to another place, until all of them have come home. */
export default `
  CREATE TABLE submissions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    experiment INTEGER REFERENCES experiments (id) ON DELETE SET NULL,
    place TEXT NOT NULL, profile TEXT NOT NULL,          -- its name, and JSON of PlaceProfile as it was then
    grid TEXT NOT NULL UNIQUE,                           -- the grid's word at the place
    created_at TEXT NOT NULL,
    jobs TEXT NOT NULL DEFAULT '[]',                     -- JSON: what the place calls its tasks
    waiting INTEGER NOT NULL,                            -- cells that it has not taken yet
    problem TEXT,                                        -- why it gives no answer just now
    is_over INTEGER NOT NULL DEFAULT 0,
    owner TEXT                                           -- the lab that follows it
  ) STRICT;
  CREATE TABLE submitted_cells (
    submission INTEGER NOT NULL REFERENCES submissions (id) ON DELETE CASCADE, cell INTEGER NOT NULL,
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position INTEGER NOT NULL DEFAULT 0,                 -- bytes of the cell's log that are stored
    words TEXT NOT NULL DEFAULT '',                      -- what the place's scheduler says of it
    is_over INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (submission, cell)
  ) STRICT;
  CREATE INDEX submitted_cells_by_run ON submitted_cells (run);
`
