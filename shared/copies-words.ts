import { countWords } from './count-words'

/**
 * `the 317 images of test that have a copy in train`.
 * @param counted How many images, in words, as the reader's other counts are told.
 */
export function copiesWords(copies: number, split: string, counted = countWords(copies, 'image')): string {
  return `the ${counted} of ${split} that ${copies === 1 ? 'has' : 'have'} a copy in train`
}

/** What is said where there is none. */
export const noCopiesWords = (split: string): string => `No image of ${split} is known to have a copy in train.`
