import type { DepthAnswer, Lab, MovedAnswer } from '../api'
import type { JobProgress, RunningJob } from '../job'
import type { Figures } from './judged-cell'

type Kind = keyof Figures
type Tell = (progress: JobProgress) => void
interface Answers {
  readonly depths: DepthAnswer
  readonly moved: MovedAnswer
}
type Start<K extends Kind> = (lab: Pick<Lab, 'start'>, runs: readonly number[], tell: Tell) => RunningJob<Answers[K]>

/** How the lab measures what no record holds, and what that is called. */
const MEASURED: { readonly [K in Kind]-?: { readonly what: string; readonly start: Start<K> } } = {
  depths: {
    what: 'σ₁ of the residual Jacobians',
    start: (lab, runs, tell) => lab.start('runs.depth-law', { runs: [...runs] }, tell),
  },
  moved: { what: 'the change of activations', start: (lab, runs, tell) => lab.start('runs.moved', { runs: [...runs] }, tell) },
}

/** `σ₁ of the residual Jacobians and the change of activations` */
export const figureWords = (kinds: ReadonlySet<Kind>): string => [...kinds].map((kind) => MEASURED[kind].what).join(' and ')

/** Measures all of them at the last weights of these runs, one kind after another. */
export function measureFigures(
  lab: Pick<Lab, 'start'>,
  kinds: ReadonlySet<Kind>,
  runs: readonly number[],
  tell: Tell,
): RunningJob<Figures> {
  let current: RunningJob<unknown> | undefined
  const follow = <T>(job: RunningJob<T>): Promise<T> => {
    current = job
    return job.result
  }
  const asked = [lab, runs, tell] as const
  const work = async (): Promise<Figures> => ({
    ...(kinds.has('depths') && { depths: await follow(MEASURED.depths.start(...asked)) }),
    ...(kinds.has('moved') && { moved: await follow(MEASURED.moved.start(...asked)) }),
  })
  return { result: work(), cancel: () => current?.cancel() }
}
