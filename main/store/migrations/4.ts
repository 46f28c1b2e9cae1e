/** The library of networks and blocks. */
export default `
  CREATE TABLE library (
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
  CREATE INDEX library_versions_by_item ON library_versions (item);
`
