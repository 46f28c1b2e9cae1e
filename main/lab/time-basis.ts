import { greatest, least } from '../../shared/extent'

/** What the time of a step is told from. */
export type TimeBasis =
  /** Runs of the same network and batch. */
  | { readonly kind: 'same'; readonly runs: readonly number[] }
  /** A pass of the same that was measured. */
  | { readonly kind: 'pass' }
  /** Other runs, scaled by the operations of a step; `factor` by how much where that is far, else 1. */
  | { readonly kind: 'scaled'; readonly runs: readonly number[]; readonly factor: number }
  /** Nothing: no run at all of so many steps, or none of about this size: its operations are so many times more or fewer. */
  | { readonly kind: 'no-run'; readonly steps: number }
  | { readonly kind: 'too-far'; readonly factor: number; readonly isLarger: boolean }

/** What times rest on, in words: each kind of basis once, whatever runs there are of it. Where one is not known that alone is told. */
export function basisWords(bases: readonly TimeBasis[]): string {
  const of = <K extends TimeBasis['kind']>(kind: K) =>
    bases.filter((basis): basis is Extract<TimeBasis, { kind: K }> => basis.kind === kind)
  const [none] = of('no-run')
  if (none) return `no run has been trained here yet for ${none.steps} steps or more, so the time is not known`
  const far = of('too-far')
  if (far.length > 0)
    return `no run of about this size has been trained here yet (the nearest has steps of ${farWords(far)} operations), so the time is not known`
  const [same, scaled] = [of('same'), of('scaled')]
  return [
    ...(same.length > 0
      ? [`${stepsOf(same)} of ${isOne(same) ? 'this network and batch' : 'these networks and batches'} here`]
      : []),
    ...(of('pass').length > 0 ? ['a pass of this network and batch, measured before'] : []),
    ...(scaled.length > 0 ? [`${stepsOf(scaled)} here, scaled by operations${scaleWords(scaled)}`] : []),
  ].join('; ')
}

interface OfRuns {
  readonly runs: readonly number[]
}

const isOne = (bases: readonly OfRuns[]): boolean => new Set(bases.map(({ runs }) => runs.join())).size === 1

/** `the step times of 7 runs` */
function stepsOf(bases: readonly OfRuns[]): string {
  const runs = [...new Set(bases.flatMap((basis) => basis.runs))]
  return runs.length === 1 ? `the step time of run ${runs[0]!}` : `the step times of ${runs.length} runs`
}

function scaleWords(scaled: readonly { readonly factor: number }[]): string {
  const factors = new Set(scaled.map(({ factor }) => factor))
  const most = greatest([...factors])
  return most === 1 ? '' : ` over a factor of ${factors.size === 1 ? '' : 'up to '}${Math.round(most)}, which may be far off`
}

/** `40 to 120 times fewer` */
function farWords(far: readonly { readonly factor: number; readonly isLarger: boolean }[]): string {
  return [true, false]
    .flatMap((larger) => {
      const factors = far.filter(({ isLarger }) => isLarger === larger).map(({ factor }) => Math.round(factor))
      if (factors.length === 0) return []
      const [low, high] = [least(factors), greatest(factors)]
      return [`${low === high ? '' : `${low} to `}${high} times ${larger ? 'fewer' : 'more'}`]
    })
    .join(' or ')
}
