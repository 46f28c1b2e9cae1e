import { finiteNumber, type Parsed } from './arguments'
import type { Command } from './command'

/** Options for what the pixels of a data set are standardised by. */
export const pixelOptions: NonNullable<Command['options']> = [
  {
    name: 'mean',
    value: 'R,G,B',
    description: 'mean of each channel, 0–1, that the weights were trained with (the set’s, or the run’s)',
  },
  { name: 'std', value: 'R,G,B', description: 'deviation of each channel, with --mean' },
]

/** What was said of them, each channel's. */
export function pixelsOf(words: Parsed): { mean?: number[]; std?: number[] } {
  const [mean, std] = [channels(words, 'mean'), channels(words, 'std')]
  return { ...(mean !== undefined && { mean }), ...(std !== undefined && { std }) }
}

function channels(words: Parsed, name: string): number[] | undefined {
  return words
    .text(name)
    ?.split(',')
    .map((word) => finiteNumber(word, `--${name}`))
}
