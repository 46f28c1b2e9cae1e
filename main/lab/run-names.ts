import { defaultName } from '../../shared/run-labels'
import { flatSettings } from '../../shared/settings-text'
import type { Store } from '../store/store'
import type { planRun } from './start'

/** The name of a run that nobody named. @param like The run whose name it goes by, where there is one. */
export function nameOf(store: Store, { configuration }: ReturnType<typeof planRun>, like: number | undefined): string {
  const base = like === undefined ? configuration.network.name : store.runs.get(like).name
  const others = store.runs.all().map(({ id, name, settings }) => ({ id, name, settings: nameable(settings) }))
  return defaultName(base, nameable(configuration), others)
}

/** The settings that a name may tell: the epochs of a run given in steps say nothing beside them. */
function nameable(settings: Readonly<Record<string, unknown>>): ReturnType<typeof flatSettings> {
  const { 'training.epochs': epochs, ...flat } = flatSettings(settings)
  return flat['training.steps'] === undefined && epochs !== undefined ? { ...flat, 'training.epochs': epochs } : flat
}
