import { useRouter } from 'vue-router'
import { type Hand, useCommands } from '../commands/use-commands'
import { FIRST_PAGE, HELP_OF, helpAddress } from '../help/contents'
import { useRunFiles } from '../runs/use-run-files'
import { useDiagnostics } from '../settings/use-diagnostics'
import { useTheme } from '../theme/use-theme'
import { PLACES } from './places'

/** What can be done on every page. */
export function useShellCommands(): void {
  const router = useRouter()
  const { choice } = useTheme()
  const { bring } = useRunFiles()
  const diagnostics = useDiagnostics()
  const wear = (theme: typeof choice.value): Hand => ({
    perform: () => (choice.value = theme),
    isEnabled: () => choice.value !== theme,
  })
  const to = (path: string): Hand => ({ perform: () => router.push(path) })
  useCommands({
    ...Object.fromEntries(PLACES.map(({ id, path }) => [id, to(path)])),
    'run.new': to('/new'),
    'network.new': to('/design/network?new=1'),
    'runs.import': { perform: bring },
    'help.here': { perform: () => router.push(helpAddress(HELP_OF[String(router.currentRoute.value.name)] ?? FIRST_PAGE)) },
    'help.diagnostics': { perform: () => diagnostics.take() },
    'help.about': to('/settings?show=about'),
    'experiment.new': to('/experiments/new'),
    'search.new': to('/experiments/search'),
    'go.deleted-runs': to('/runs/deleted'),
    'go.disk': to('/settings/disk'),
    'theme.system': wear('system'),
    'theme.light': wear('light'),
    'theme.dark': wear('dark'),
  })
}
