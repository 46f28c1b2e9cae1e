import type { RequestInput } from '../../shared/api'

/**
 * The same convolutions without skips and with them: 56 layers, 150 steps each, a minute together on two cores of a Xeon, some two on slow ones. With the order of
 * He et al. 2016, since that of 2015 does not learn in so few steps at this rate: after them it has 11 % of the test right, this one some 40 % and the plain net 10.5 %.
 */
const run = (name: string, network: string): RequestInput<'runs.start'> => ({
  ...{ name, network },
  data: { name: 'shapes10', train: 2400, test: 400 },
  training: { epochs: 1, batch: 16 },
})
export const TOUR_RUNS = [
  run('Tour: without skips', 'plain:blocks=9'),
  run('Tour: with skips', 'preact-resnet:block=basic,blocks=9'),
] as const

/** What a step is about; where its run is, the first or the second; and what on the page it points at. */
export interface TourStep {
  readonly title: string
  readonly text: string
  readonly run: 0 | 1 | null
  readonly points: 'ratio' | 'comparison'
}
export const TOUR_STEPS: readonly TourStep[] = [
  {
    title: 'Without skips',
    text: 'A plain net of 56 layers trains. Each dot is a block: its ratio is the norm of the gradient that leaves it on the way back, over the norm that came in. At 1 the norm is kept.',
    run: 0,
    points: 'ratio',
  },
  {
    title: 'With skips',
    text: 'The same convolutions with a skip beside every two, one run after the other. The dots come to lie in a row near 1 while it learns: what each block does to the gradient multiplies up over all of them, which is the chain ratio.',
    run: 1,
    points: 'ratio',
  },
  {
    title: 'Side by side',
    text: 'Both runs with one scale: curves, profiles, heat maps, and the table of what differs. With skips the loss falls and the chain ratio stays within reach of 1. “Report” takes it along as one file. What runs still trains on and is drawn as it comes.',
    run: null,
    points: 'comparison',
  },
]
