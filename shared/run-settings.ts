import type { NetworkDocument } from './architecture/document'
import type { Configuration } from './configuration'
import { UserError } from './errors'
import { notTrainedHere, originFacts } from './run-origin'
import { allSettings, mainSettings, type ToldSetting } from './settings/summary'

/** What a reader wants to know of how a run was trained; of one that was trained elsewhere, what its program told. */
export function mainSettingsOf(configuration: Configuration): ToldSetting[] {
  const { origin } = configuration
  return origin ? originFacts(origin) : mainSettings(configuration)
}

/** All of it, group by group. */
export function allSettingsOf(configuration: Configuration): ReturnType<typeof allSettings> {
  const { origin } = configuration
  return origin ? [{ title: 'As its program told them', settings: mainSettingsOf(configuration) }] : allSettings(configuration)
}

/** A run's network. @throws UserError where it was trained elsewhere: then nobody knows it. */
export function networkOfRun({
  id,
  configuration,
}: {
  readonly id: number
  readonly configuration: Configuration
}): NetworkDocument {
  const { network, origin } = configuration
  if (origin) throw new UserError(notTrainedHere(id, origin), { remedy: 'choose a run of the lab' })
  return network
}
