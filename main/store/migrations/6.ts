/** How long a step waited for its batch. */
export default `
  ALTER TABLE steps ADD COLUMN waited REAL;                                -- milliseconds of its ms; NULL in older records
`
