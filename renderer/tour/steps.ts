import type { RequestInput } from '../../shared/api'

/** Two networks that differ in nothing but the skips: 56 layers, 150 steps each: a minute together on two cores of a Xeon, some two on slow ones. */
const run = (name: string, network: string): RequestInput<'runs.start'> => ({
  ...{ name, network },
  data: { name: 'shapes10', train: 2400, test: 400 },
  training: { epochs: 1, batch: 16 },
})
export const TOUR_RUNS = [run('Tour: without skips', 'plain:blocks=9'), run('Tour: with skips', 'resnet:blocks=9')] as const

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
    text: 'The same blocks with skips beside them, one run after the other. Look at how near to 1 its dots stay: what a block does to the gradient, all blocks do one after another.',
    run: 1,
    points: 'ratio',
  },
  {
    title: 'Side by side',
    text: 'Both runs with one scale: profiles, heat maps, curves, and the table of what differs. “Report” takes it along as one file. What runs still trains on and is drawn as it comes.',
    run: null,
    points: 'comparison',
  },
]
