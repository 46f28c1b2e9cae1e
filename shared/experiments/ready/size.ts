import type { z } from 'zod'
import { Expectation } from '../expectation'
import type { ReadyExperiment, Variant } from '../experiment'

/** How much an experiment of a size trains. */
export interface Size {
  /** `small`: a look, in a minute or two; `medium`: some minutes to an hour on two cores; `large`: hours, or a GPU. */
  readonly name: 'small' | 'medium' | 'large'
  readonly description: string
  /** Training images, test images, images a step, epochs. */
  readonly data: { readonly train: number; readonly test: number }
  readonly batch: number
  readonly epochs: number
  readonly seeds: readonly number[]
}

const SMALL: Size = {
  name: 'small',
  description: 'narrow nets on some hundred images, to see that it works; its numbers mean little',
  data: { train: 128, test: 64 },
  batch: 16,
  epochs: 2,
  seeds: [1],
}
const MEDIUM: Size = {
  name: 'medium',
  description: 'narrow nets on two thousand images; on two cores some minutes to an hour',
  data: { train: 2048, test: 512 },
  batch: 32,
  epochs: 6,
  seeds: [1],
}
const LARGE: Size = {
  name: 'large',
  description: 'the published widths with three seeds; for a GPU, or days',
  data: { train: 20_000, test: 4000 },
  batch: 64,
  epochs: 60,
  seeds: [1, 2, 3],
}

/**
 * Rate of the first version's networks in batches of 16 to 64. L2 pooling makes their logits large: at 0.03 and more the first steps
 * close the last ReLU, and at these batches it hardly opens again (docs/experiments.md). The published 0.1 goes with batches of 128.
 */
export const L2_RATE = 0.003

/** What is expected, of two variants of an axis by a measure say. */
export type Expected = z.input<typeof Expectation>

/** What an experiment has otherwise than the others in a size. */
export interface OwnSize extends Partial<Pick<Size, 'description' | 'batch' | 'epochs' | 'seeds'>> {
  readonly network?: string
  /** With the name of its set. */
  readonly data?: Record<string, unknown>
}

/** Makes the definitions of an experiment in each size. */
export function inSizes(
  ready: Omit<ReadyExperiment, 'sizes'>,
  axes: (size: Size) => { name: string; variants: Variant[] }[],
  expects: (size: Size) => readonly Expected[],
  training: (size: Size) => Record<string, unknown> = () => ({}),
  own: (size: Size) => OwnSize = () => ({}),
): ReadyExperiment {
  const sizes = [SMALL, MEDIUM, LARGE].map((size) => {
    const { network = 'resnet:blocks=3', data = { name: 'shapes10', ...size.data }, ...changed } = own(size)
    return { network, images: data, size: { ...size, ...changed } }
  })
  return {
    ...ready,
    sizes: sizes.map(({ network, images, size }) => ({
      name: size.name,
      description: size.description,
      definition: {
        name: `${ready.title} (${size.name})`,
        claim: ready.claim,
        base: {
          network,
          data: images,
          training: {
            batch: size.batch,
            epochs: size.epochs,
            rate: 0.05,
            milestones: [size.epochs * 0.5, size.epochs * 0.75],
            ...training(size),
          },
        },
        axes: axes(size),
        expects: expects(size).map((one) => Expectation.parse(one)),
        seeds: [...size.seeds],
      },
    })),
  }
}
