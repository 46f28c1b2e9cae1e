import type { Configuration } from '../../shared/configuration'
import { isUserError } from '../../shared/errors'
import type { Catalogue } from '../datasets/catalogue'

type RunData = Pick<Configuration, 'data' | 'dataHash'>

/** Why a run's data set is not at hand, a sentence; null where it is. */
export function dataFault(catalogue: Catalogue, { data, dataHash }: RunData): string | null {
  try {
    catalogue.describeOfRun(data.name, dataHash)
    return null
  } catch (error) {
    if (isUserError(error)) return error.message
    throw error
  }
}

/** Tells whether two machines train on the same data; of an imported set also where it is gone by now. */
export function dataHashOf(catalogue: Catalogue, { data, dataHash }: RunData): string {
  return dataHash ?? catalogue.hash(data)
}
