/** Spectra of a run's layers while it trains. */
export default `
  CREATE TABLE spectra (
    run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, step INTEGER NOT NULL,
    skipped INTEGER NOT NULL, cpu_ms REAL, wall_ms REAL,
    data BLOB NOT NULL,                 -- float32 [layers, 20]: 17 quantiles, stable rank, condition, share near 1; see shared/spectra/live.ts
    PRIMARY KEY (run, step)
  ) STRICT;
`
