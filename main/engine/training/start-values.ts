import os from 'node:os'
import type { ExpandedNetwork } from '../../../shared/architecture'
import type { InitialValues } from '../../../shared/configuration'
import type { InitialWeights } from '../../../shared/initial-weights'
import type { Layout } from '../graph/layout'
import type { Batch } from '../network-session'
import { runBatch } from './first-batch'
import { checkFit } from './fit'
import { initialParameters } from './initialise'
import { setUnitVariance } from './unit-variance'

/** The parameters that a run begins with, before any repair. @param first The batch of its first step, which unit variance looks at. */
export async function startValues(
  network: ExpandedNetwork,
  layout: Layout,
  { seed, init, ...start }: InitialValues & { readonly seed: number },
  first: () => Batch | Promise<Batch>,
  threads = os.cpus().length,
): Promise<Float32Array> {
  const values = initialParameters(network, layout, init, seed, start)
  if (start.lsuv) setUnitVariance(network, layout, values, await first(), threads)
  return values
}

/** Initial values that somebody asks for, with the folder of the data sets. */
export type InitialChoice = InitialWeights & { readonly dataFolder: string }

/** The same of a question that names its data. @throws UserError where the set is gone or does not fit. */
export function askedStartValues(network: ExpandedNetwork, layout: Layout, asked: InitialChoice): Promise<Float32Array> {
  return startValues(network, layout, asked, () => runBatch(asked, (summary) => checkFit(network, summary)))
}
