import type { ExpandedNetwork } from '../../../shared/architecture'
import type { InitialValues, Training } from '../../../shared/configuration'
import type { Layout } from '../graph/layout'
import { type Batch, NetworkSession } from '../network-session'
import { repairAtStart } from './repairs'
import { startValues } from './start-values'

/** What decides a run's first weights. */
type FirstWeights = InitialValues & Pick<Training, 'projection' | 'whitening' | 'batch'> & { readonly seed: number }

/** The parameters that a run's first step is taken from: its initial values with its repairs at the start. @param first The batch of that step. */
export async function firstWeights(
  network: ExpandedNetwork,
  layout: Layout,
  run: FirstWeights,
  first: () => Batch,
): Promise<Float32Array> {
  const values = await startValues(network, layout, run, first)
  const { projection, whitening, batch } = run
  if (!projection.atStart && !whitening.atStart) return values
  const session = new NetworkSession(network, { batch, projection, whitening })
  try {
    session.set('parameters', values)
    repairAtStart(run, session)
    return session.get('parameters').slice()
  } finally {
    session.close()
  }
}
