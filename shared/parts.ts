import type { Configuration } from './configuration'
import { UserError } from './errors'

/** Between whom each batch of a run is shared. */
export interface Parts {
  readonly kind: 'processes' | 'devices'
  /** 1 where it is not shared. */
  readonly count: number
}

export function partsOf({ device, processes = 1 }: Pick<Configuration['execution'], 'device' | 'processes'>): Parts {
  return processes > 1 ? { kind: 'processes', count: processes } : { kind: 'devices', count: device.split(',').length }
}

/**
 * Sees that a run's batch can be shared as its execution says.
 * @throws UserError where its parts would not be of one size, or it is to be shared in two ways at once.
 */
export function checkParts({
  execution,
  training: { batch },
}: {
  readonly execution: Configuration['execution']
  readonly training: { readonly batch: number }
}): void {
  const { kind, count } = partsOf(execution)
  if (kind === 'processes' && execution.device.includes(','))
    throw new UserError('a batch is shared by processes or by devices, not by both', {
      place: 'execution.processes',
      remedy: 'leave one of the two out',
    })
  if (batch % count === 0) return
  const fewer = batch - (batch % count)
  const fitting = fewer > 0 ? `${fewer} or ${fewer + count}` : String(count)
  throw new UserError(`a batch of ${batch} images cannot be shared evenly by ${count} ${kind}`, {
    place: 'training.batch',
    remedy: `use a batch of ${fitting}, or another number of ${kind}`,
  })
}
