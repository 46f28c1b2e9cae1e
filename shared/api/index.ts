import type { z } from 'zod'
import type { JobProgress, RunningJob } from '../job'
import { datasetLookCalls } from './dataset-looks'
import { preparationCalls } from './dataset-preparation'
import { datasetCalls } from './datasets'
import { diskCalls } from './disk'
import { engineCalls } from './engine'
import { experimentCalls } from './experiments'
import { jacobianCalls } from './jacobians'
import { keepingCalls } from './keeping'
import { kernelCalls } from './kernels'
import { labCalls } from './lab'
import { libraryCalls } from './library'
import { networkTestCalls } from './network-test'
import { networkCalls } from './networks'
import { queryCalls } from './query'
import { placeCalls } from './places'
import { recordedRunCalls } from './recorded-runs'
import { runCalls } from './run-calls'
import { runSpectraCalls } from './run-spectra'
import { spectraCalls } from './spectra'

export * from './dataset-looks'
export * from './dataset-preparation'
export * from './datasets'
export * from './disk'
export * from './engine'
export * from './jacobians'
export * from './keeping'
export * from './lab'
export type * from './messages'
export * from './network-test'
export * from './networks'
export * from './places'
export * from './query'
export * from './run-spectra'
export * from './runs'
export * from './spectra'

/** All that a front end can ask of the lab, a room a file. Window, browser and command line call it alike; the boundary validates both ways. */
export const LabApi = {
  ...labCalls,
  ...networkCalls,
  ...networkTestCalls,
  ...kernelCalls,
  ...spectraCalls,
  ...jacobianCalls,
  ...libraryCalls,
  ...datasetCalls,
  ...datasetLookCalls,
  ...preparationCalls,
  ...runCalls,
  ...recordedRunCalls,
  ...runSpectraCalls,
  ...experimentCalls,
  ...placeCalls,
  ...diskCalls,
  ...keepingCalls,
  ...engineCalls,
  ...queryCalls,
} as const

export type LabApi = typeof LabApi
export type RequestName = { [N in keyof LabApi]: LabApi[N]['kind'] extends 'request' ? N : never }[keyof LabApi]
export type SubscriptionName = { [N in keyof LabApi]: LabApi[N]['kind'] extends 'subscription' ? N : never }[keyof LabApi]
export type JobName = Exclude<keyof LabApi, RequestName | SubscriptionName>
/** What a caller passes (defaults may be absent) and what the lab receives (defaults filled in). */
export type RequestInput<N extends RequestName> = z.input<LabApi[N]['input']>
export type RequestReceived<N extends RequestName> = z.output<LabApi[N]['input']>
export type RequestOutput<N extends RequestName> = z.output<Extract<LabApi[N], { kind: 'request' }>['output']>
export type SubscriptionInput<N extends SubscriptionName> = z.input<LabApi[N]['input']>
export type SubscriptionReceived<N extends SubscriptionName> = z.output<LabApi[N]['input']>
export type SubscriptionEvent<N extends SubscriptionName> = z.output<Extract<LabApi[N], { kind: 'subscription' }>['event']>

export type JobInput<N extends JobName> = z.input<LabApi[N]['input']>
export type JobReceived<N extends JobName> = z.output<LabApi[N]['input']>
export type JobOutput<N extends JobName> = z.output<Extract<LabApi[N], { kind: 'job' }>['output']>

/** The lab as its front ends see it: in the same process, behind a MessagePort or behind a WebSocket. */
export interface Lab {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>
  /**
   * @param onRefused Hears, in place of events, why there will be none, where the lab is at the far end of a wire; one in this process throws.
   * @returns a function that lets go.
   */
  subscribe<N extends SubscriptionName>(
    name: N,
    input: SubscriptionInput<N>,
    listener: (event: SubscriptionEvent<N>) => void,
    onRefused?: (error: Error) => void,
  ): () => void
  /** Begins work that takes its time. */
  start<N extends JobName>(name: N, input: JobInput<N>, onProgress?: (progress: JobProgress) => void): RunningJob<JobOutput<N>>
}
