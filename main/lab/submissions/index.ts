import type { PlaceProfile } from '../../../shared/places/profile'
import { UserError } from '../../../shared/errors'
import { NoAnswer } from '../../places/place'
import { isUnwritable } from '../../store/failures'
import type { Ownership } from '../../store/ownership'
import { claimSubmission, createSubmission, placeOf, type Submission, submissions, submittedCells, updateSubmission } from '../../store/submissions' // prettier-ignore
import type { LiveRun } from '../queue/live-run'
import { Follower, type FollowerWorld } from './follower'
import { sweepTokens } from './tokens'

/** The grids of this data folder that are at other places. Of labs on one folder, one follows each. */
export class Submissions {
  private readonly followers = new Map<number, Follower>()
  private closing = false

  constructor(
    private readonly world: FollowerWorld,
    private readonly ownership: Ownership,
  ) {}

  /** Whether a run is at another place, whoever follows it. */
  has(run: number): boolean {
    return placeOf(this.world.store, run) !== undefined
  }

  /** A run's state of the moment, where this lab follows it. */
  live(run: number): LiveRun | undefined {
    for (const { cells } of this.followers.values()) {
      const found = cells.find((cell) => cell.run === run && !cell.isOver)
      if (found) return found.live
    }
    return undefined
  }

  /**
   * Sends runs that are stored as queued. Resolves once the place has taken them, or could not be asked: then it is tried for as long as a lab is open.
   *
   * @throws UserError where the place refuses them; the runs have failed then, with its words.
   */
  async send(experiment: number | null, profile: PlaceProfile, runs: readonly number[]): Promise<void> {
    const id = createSubmission(this.world.store, experiment, profile, runs)
    this.follow()
    await this.followers.get(id)?.sent
  }

  /** Takes up all submissions that nobody follows. */
  follow(): void {
    if (this.closing || this.world.store.refusal) return
    const { store } = this.world
    for (const submission of submissions(store, 'open')) {
      const { id, owner } = submission
      // One that is this lab's own, and is not followed: the store took no more while it was claimed.
      const isOthers = owner !== null && owner !== this.ownership.id && this.ownership.isAlive(owner)
      if (this.followers.has(id) || isOthers) continue
      if (!claimSubmission(store, id, this.ownership.id, owner)) continue
      for (const { run, isOver } of submittedCells(store, id))
        if (!isOver) store.runs.update(run, { owner: this.ownership.id, ownerPid: process.pid })
      const onOver = (): void => {
        this.followers.delete(id)
        sweepTokens(store)
      }
      this.followers.set(id, new Follower(this.world, submission, onOver))
    }
  }

  /** Takes them up, now and again; where the store takes nothing at the moment, the next time. */
  look(): void {
    try {
      this.follow()
    } catch (error) {
      if (!isUnwritable(error)) throw error
    }
  }

  /**
   * Ends runs at their places: of an experiment, or one run.
   *
   * @throws UserError where the place gives no answer, or another lab follows it.
   */
  async cancel(of: { readonly experiment: number } | { readonly run: number }): Promise<void> {
    this.follow()
    const { store } = this.world
    const found = 'experiment' in of ? submissions(store, of).filter(({ isOver }) => !isOver) : this.ofRun(of.run)
    for (const { id, profile } of found) {
      const follower = this.followers.get(id)
      if (!follower)
        throw new UserError(`another NormLab follows what is at ${profile.name}`, {
          remedy: 'cancel it there, or close that one first',
        })
      try {
        await follower.cancel('run' in of ? [of.run] : undefined)
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        throw new UserError(`nothing was cancelled: ${error.message}`, { remedy: 'try again when it answers' })
      }
    }
  }

  /** What is at other places goes on there. */
  async close(): Promise<void> {
    this.closing = true
    await Promise.allSettled([...this.followers.values()].map((follower) => follower.close()))
    for (const [id, { cells }] of this.followers) {
      updateSubmission(this.world.store, id, { owner: null })
      for (const { run, isOver } of cells) if (!isOver) this.world.store.runs.update(run, { owner: null, ownerPid: null })
    }
    this.followers.clear()
  }

  private ofRun(run: number): Submission[] {
    const at = placeOf(this.world.store, run)
    return submissions(this.world.store, 'open').filter(({ id }) => id === at?.submission)
  }
}
