/** The signal on its way forward. */
export default `
  ALTER TABLE steps ADD COLUMN signal BLOB;                                -- mean squares and variances at the boundaries, then the branches' variances; NULL where not looked at
`
