import { wholeNumber } from './arguments'

/** The seeds of `--seeds 1,2,3`; undefined where it is not given. @throws UserError for a word that is no whole number. */
export const seedsOf = (text: string | undefined): number[] | undefined =>
  text?.split(',').map((seed) => wholeNumber(seed.trim(), '--seeds', 0))
