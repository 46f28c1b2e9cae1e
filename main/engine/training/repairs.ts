import type { Training } from '../../../shared/configuration'
import type { NetworkSession } from '../network-session'
import { drawsOf } from './draws'

/** Keep the repairs' draws apart from a run's other random numbers, and from one another. */
const PROJECTION_STREAM = 3
const WHITENING_STREAM = 4

/** Says when a run's repairs are due: at the start, every k-th step, with a probability. */
export class Repairs {
  constructor(
    private readonly session: NetworkSession,
    private readonly training: Pick<Training, 'projection' | 'whitening'>,
    private readonly seed: number,
  ) {}

  /** On the initial values. */
  atStart(): void {
    if (this.training.whitening.atStart) this.session.whiten()
    if (this.training.projection.atStart) this.session.project()
  }

  /** Before a step's forward pass. */
  before(step: number): void {
    if (isDue(this.training.whitening, this.seed, WHITENING_STREAM, step)) this.session.whiten()
  }

  /** After a step's update. */
  after(step: number): void {
    if (isDue(this.training.projection, this.seed, PROJECTION_STREAM, step)) this.session.project()
  }
}

function isDue(
  { every, probability }: { every: number; probability: number },
  seed: number,
  stream: number,
  step: number,
): boolean {
  if (every === 0 || step % every !== 0) return false
  return probability >= 1 || drawsOf(seed, stream, step).uniform() < probability
}
