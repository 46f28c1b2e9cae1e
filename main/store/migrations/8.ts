/** Test accuracies without the images that have a copy in the training split. */
export default `
  ALTER TABLE epochs ADD COLUMN copies INTEGER;                            -- tested images with such a copy; NULL where nobody looked
  ALTER TABLE epochs ADD COLUMN other_accuracy REAL;                       -- of the others, 0-1
`
