import type { Checkpoints } from '../../store/checkpoints'
import type { Store } from '../../store/store'

/** Removes checkpoints that a run's settings do not keep: all but the last ones and the best. */
export class OldCheckpoints {
  /** Files that could not be removed, as they were told of. */
  private readonly told = new Set<string>()

  constructor(
    private readonly store: Store,
    private readonly checkpoints: Checkpoints,
  ) {}

  /** @returns what could not be removed, each file once: every new checkpoint tries it again. */
  prune(run: number, step: number): string[] {
    const { keep, best } = this.store.runs.configuration(run).training.checkpoint
    const bestStep = best ? this.store.epochs.bestTestedStep(run) : undefined
    const fresh = this.checkpoints.prune(run, keep, bestStep, step).filter((what) => !this.told.has(what))
    for (const what of fresh) this.told.add(what)
    return fresh
  }
}
