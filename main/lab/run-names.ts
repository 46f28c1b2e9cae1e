import { defaultName, type Labelled } from '../../shared/run-labels'
import { flatSettings } from '../../shared/settings-text'
import type { Store } from '../store/store'
import type { planRun } from './start'

/** The name of a run that nobody named. @param like The run whose name it goes by, where there is one. */
export function nameOf(store: Store, { configuration }: ReturnType<typeof planRun>, like: number | undefined): string {
  const base = like === undefined ? configuration.network.name : store.runs.get(like).name
  return defaultName(
    base,
    nameable(configuration),
    store.runs.names().map(({ id, name }) => new NamedRun(store, id, name)),
  )
}

/** Its settings are read when they are asked for: of thousands of runs a name looks at few. */
class NamedRun implements Labelled {
  private read: Labelled['settings'] | undefined

  constructor(
    private readonly store: Store,
    readonly id: number,
    readonly name: string,
  ) {}

  get settings(): Labelled['settings'] {
    return (this.read ??= nameable(this.store.runs.settings(this.id)))
  }
}

/** The settings that a name may tell: the epochs of a run given in steps say nothing beside them, a set's hash nothing beside its name. */
function nameable(settings: Readonly<Record<string, unknown>>): ReturnType<typeof flatSettings> {
  const { 'training.epochs': epochs, dataHash: _, ...flat } = flatSettings(settings)
  return flat['training.steps'] === undefined && epochs !== undefined ? { ...flat, 'training.epochs': epochs } : flat
}
