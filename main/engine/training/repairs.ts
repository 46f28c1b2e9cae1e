import type { Training } from '../../../shared/configuration'
import type { NetworkSession, RepairedKernel } from '../network-session'
import { drawsOf } from './draws'

/** Keep the repairs' draws apart from a run's other random numbers, and from one another. */
const PROJECTION_STREAM = 3
const WHITENING_STREAM = 4

/** Does those that are due at the start. @param by A session, or what does more than that. */
export function repairAtStart(
  { whitening, projection }: Pick<Training, 'whitening' | 'projection'>,
  by: { whiten(): unknown; project(): unknown },
): void {
  if (whitening.atStart) by.whiten()
  if (projection.atStart) by.project()
}

/**
 * Does a run's repairs when they are due: at the start, every k-th step, with a probability. What a repair could not do in full is
 * said once a kernel.
 */
export class Repairs {
  private readonly told = new Set<string>()

  constructor(
    private readonly session: NetworkSession,
    private readonly training: Pick<Training, 'projection' | 'whitening' | 'clip'>,
    private readonly seed: number,
    private readonly notice: (step: number, message: string) => void,
  ) {}

  /** On the initial values. */
  atStart(): void {
    this.tellOverlap()
    repairAtStart(this.training, { whiten: () => this.whiten(0), project: () => this.project(0) })
  }

  /** Before a step's forward pass. */
  before(step: number): void {
    if (isDue(this.training.whitening, this.seed, WHITENING_STREAM, step)) this.whiten(step - 1)
  }

  /** After a step's update. */
  after(step: number): void {
    if (isDue(this.training.projection, this.seed, PROJECTION_STREAM, step)) this.project(step)
    if (step % this.training.clip.every === 0) this.tell('clipping', step, this.session.clip())
  }

  /** What one repair makes of a kernel the other may take back, after each step anew. */
  private tellOverlap(): void {
    const { every, atStart, probability } = this.training.projection
    if (!atStart && (every === 0 || probability === 0)) return
    const { project, clip } = this.session.graph.repaired
    const both = clip.filter(({ name }) => project.some((other) => other.name === name)).map(({ name }) => name)
    if (both.length === 0) return
    const others = both.length > 1 ? ` and ${both.length - 1} more` : ''
    this.notice(
      0,
      `${both[0]!}${others} ${both.length > 1 ? 'are' : 'is'} both projected and clipped, which undo each other where the interval does not hold √(out/in): choose other layers with clip.layers or projection.layers`,
    )
  }

  private whiten(step: number): void {
    this.tell('whitening', step, this.session.whiten())
  }

  private project(step: number): void {
    this.tell('projection', step, this.session.project())
  }

  private tell(repair: string, step: number, kernels: readonly RepairedKernel[]): void {
    for (const kernel of kernels) {
      const flaw = describeFlaw(kernel)
      if (flaw === undefined || this.told.has(`${repair} ${kernel.name}`)) continue
      this.told.add(`${repair} ${kernel.name}`)
      this.notice(step, `the ${repair} of ${kernel.name} ${flaw}`)
    }
  }
}

/** What keeps a kernel from a full repair, as the end of a sentence; undefined for one that got it. */
function describeFlaw({ isFinite, rank, fullRank }: Omit<RepairedKernel, 'name'>): string | undefined {
  if (!isFinite) return 'was left out: it holds values that are not finite'
  if (Number.isNaN(rank) || rank >= fullRank) return undefined
  return `found a rank of ${rank} where ${fullRank} is full: the directions that are missing stay zero`
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
