import type { ExperimentDefinition } from '../../../shared/experiments/experiment'
import { UserError } from '../../../shared/errors'
import type { PlacedGrid } from '../../../shared/api'
import type { PlaceProfile } from '../../../shared/places/profile'
import { shareOf } from '../../../shared/places/profile'
import type { Catalogue } from '../../datasets/catalogue'
import { openPlace } from '../../places'
import { NoAnswer, type Place } from '../../places/place'
import { createExperiment, experiment } from '../../store/experiments'
import type { Store } from '../../store/store'
import { submissions, submittedCells } from '../../store/submissions'
import type { Handlers } from '../boundary'
import { type CellPlan, planCells, summarisePlan } from '../experiments'
import type { StepTimes } from '../step-times'
import type { Submissions } from '.'
import { profileOf, profiles, removeProfile, saveProfile } from './profiles'
import { keepToken, sweepTokens, tokenOf } from './tokens'

export interface PlaceWorld {
  readonly store: Store
  readonly catalogue: Catalogue
  readonly times: StepTimes
  readonly submissions: Submissions
  /** Stores a cell's run as queued, without queueing it here. */
  readonly keep: (planned: CellPlan, experiment: number) => number
  /** Tells that a run has changed. */
  readonly mark: (run: number) => void
}

type PlaceRequest = Extract<keyof Handlers, `places.${string}`> | 'experiments.send' | 'experiments.placed' | 'experiments.cancel'

/** What the lab answers about other places. */
export function placeHandlers({
  store,
  catalogue,
  times,
  submissions: sent,
  keep,
  mark,
}: PlaceWorld): Pick<Handlers, PlaceRequest> {
  const asking = async <T>(profile: PlaceProfile, ask: (place: Place) => Promise<T>): Promise<T> => {
    const place = openPlace(profile, () => tokenOf(store.home, profile))
    try {
      return await ask(place)
    } finally {
      await place.close()
    }
  }
  return {
    'places.list': () => profiles(store),
    'places.save'({ profile, token }) {
      if (token !== undefined) keepToken(store.home, profile, token)
      const all = saveProfile(store, profile)
      sweepTokens(store)
      return all
    },
    'places.remove'({ name }) {
      const all = removeProfile(store, name)
      sweepTokens(store)
      return all
    },
    'places.check': ({ name }) => asking(profileOf(store, name), async (place) => [...(await place.check())]),
    async 'places.plan'({ place: name, definition }) {
      refuseSearch(definition, name)
      const profile = profileOf(store, name)
      const { cells, seconds, basis } = summarisePlan(planCells(catalogue, definition, true), times)
      const { cpus, gpus, minutes } = shareOf(profile)
      const hours = (share: number): number | null => (seconds === null ? null : (share * seconds) / 3600)
      const most = (share: number): number | null =>
        share === 0 ? 0 : minutes === null ? null : (share * cells.length * minutes) / 60
      return {
        ...{ cells: cells.length, coreHours: hours(cpus), gpuHours: hours(gpus) },
        ...{ mostCoreHours: most(cpus), mostGpuHours: most(gpus), basis },
        outlook: await asking(profile, (place) => place.outlook()).catch((error: unknown) => {
          if (error instanceof NoAnswer) return error.message
          throw error
        }),
      }
    },
    async 'experiments.send'({ place, definition }) {
      refuseSearch(definition, place)
      const profile = profileOf(store, place)
      const cells = planCells(catalogue, definition, true).map((cell) => placed(cell, profile))
      const id = createExperiment(store, definition)
      const runs = cells.map((cell) => keep(cell, id))
      for (const run of runs) mark(run)
      await sent.send(id, profile, runs)
      return experiment(store, id)
    },
    'experiments.placed'({ id }) {
      experiment(store, id)
      return submissions(store, { experiment: id }).map((submission): PlacedGrid => {
        const { profile, jobs, grid: _, experiment: _own, owner: _owner, ...told } = submission
        const cells = submittedCells(store, told.id).map(({ position: _position, ...cell }) => cell)
        return { ...told, ...{ place: profile.name, kind: profile.kind, jobs: jobs.map((job) => job.split(':')[0]!), cells } }
      })
    },
    async 'experiments.cancel'({ id }) {
      experiment(store, id)
      await sent.cancel({ experiment: id })
      return experiment(store, id)
    },
  }
}

/** A cell as its place trains it: on what a task has there, where nothing else was asked. */
function placed(cell: CellPlan, profile: PlaceProfile): CellPlan {
  const { cpus, gpus } = shareOf(profile)
  const { execution } = cell.configuration
  const device = execution.device === 'auto' && gpus === 0 ? 'cpu' : execution.device
  return {
    ...cell,
    configuration: {
      ...cell.configuration,
      execution: { ...execution, device, threads: execution.threads ?? cpus, place: profile.name },
    },
  }
}

/** @throws UserError for a search: what it tries next hangs on results, and a grid goes to a place whole. */
function refuseSearch({ search }: ExperimentDefinition, place: string): void {
  if (search)
    throw new UserError('a search is trained on this machine, since its trials follow from results', {
      place: `--on ${place}`,
      remedy: 'leave the place out, or send a grid',
    })
}
