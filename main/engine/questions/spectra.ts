import type { JacobianAnswer, JobReceived, LayerSpectrum, SpectraAnswer } from '../../../shared/api'
import type { ClippingOutcome, KernelChange } from '../../../shared/spectra/change'
import type { Padding } from '../spectra/operator'
import type { InitialChoice } from '../training/start-values'
import type { GivenStandardisation } from './passes'
import type { WeightsChoice } from './weights'

/** The singular values of a network's linear layers; see shared/api/spectra.ts. */
export interface SpectraTask extends Pick<SpectraReceived, 'layers' | 'padding' | 'delta' | 'withValues' | 'withBound'> {
  /** A document; `recorded` where the weights say themselves of which layers they are (store/recorded-weights.ts). */
  readonly network: unknown
  readonly weights: WeightsChoice | InitialChoice
  /** What is taken off them; nothing where absent. */
  readonly less?: WeightsChoice | InitialChoice | undefined
  /** Where what was found is kept, absolute; null for nowhere. */
  readonly cacheFolder: string | null
  readonly threads?: number | undefined
}
type SpectraReceived = JobReceived<'kernels.spectra'>

/** Answer to it: all but what the lab knows. */
export type SpectraFound = Omit<SpectraAnswer, 'network' | 'weights'>

/** Jacobians of a network's pieces; see shared/api/jacobians.ts. */
export interface JacobianTask extends Pick<
  JobReceived<'networks.jacobians'>,
  'mode' | 'pieces' | 'withBranch' | 'alignment' | 'partialProbes' | 'withRepairs'
> {
  readonly network: unknown
  readonly weights: WeightsChoice | InitialChoice
  readonly points:
    | { readonly file: string; readonly image: number }
    | {
        readonly data: string
        readonly dataFolder: string
        readonly split: string
        readonly image: number
        readonly count: number
        readonly standardisation: GivenStandardisation
      }
  readonly search: Pick<JobReceived<'networks.jacobians'>, 'exactUpTo' | 'tolerance' | 'steps' | 'probes'>
  readonly threads?: number | undefined
}

/** Answer to it: all but what the lab knows. */
export type JacobianFound = Omit<JacobianAnswer, 'network' | 'weights'>

/** The singular values of one kernel in a file. */
export interface KernelSpectrumTask {
  readonly weights: string
  readonly tensor: string
  readonly size?: number | undefined
  readonly padding?: Padding | undefined
  readonly stride?: number | undefined
  readonly groups?: number | undefined
  readonly dilation?: number | undefined
}

/** A copy of a file with one kernel changed. */
export interface KernelChangeTask {
  readonly weights: string
  readonly tensor: string
  readonly change: KernelChange
  /** Side of a convolution's grid of frequencies. */
  readonly size?: number | undefined
  readonly groups?: number | undefined
  readonly dilation?: number | undefined
  readonly out: string
}

/** The least rank that was found (null where the method does not tell it), and the full one. */
export interface RepairedFile {
  readonly rank: number | null
  readonly fullRank: number
  /** Least and greatest singular value, of what was clipped; null of other changes. */
  readonly range: { readonly before: readonly [number, number]; readonly after: readonly [number, number] } | null
  /** Of a convolution that was clipped. */
  readonly clipping: ClippingOutcome | null
}

/** Changes one layer of a network's weights; answers with its spectrum before and after. */
export interface ChangeTask {
  readonly network: unknown
  readonly weights: SpectraTask['weights']
  readonly layer: string
  readonly change: KernelChange
  /** Where the weights are written, as they are and changed, with the network's names. */
  readonly original: string
  readonly out: string
}

/** Answer to it. */
export interface LayerChange {
  readonly before: LayerSpectrum
  readonly after: LayerSpectrum
  readonly rank: number | null
  readonly fullRank: number
  readonly clipping: ClippingOutcome | null
}
