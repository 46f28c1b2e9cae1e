import { computed, watch } from 'vue'
import { useRouter } from 'vue-router'
import { UserError } from '../../shared/errors'
import { performCommand, useBoundCommands, useCommands } from '../commands/use-commands'
import { tellSource } from '../lab/given-source'
import { useTheme } from '../theme/use-theme'
import { useNotices } from '../ui/use-notices'

/** What the page and the app's window tell each other, where there is one: commands chosen in the menu and which of them can be done now, what was opened, and the theme. */
export function useWindow(): void {
  const shell = window.normlab
  if (!shell) return
  const router = useRouter()
  const { say, complain } = useNotices()
  const { choice } = useTheme()
  const commands = useBoundCommands()
  useCommands({
    'file.open': { perform: () => shell.tell('openFile', null) },
    'window.new': { perform: () => shell.tell('newWindow', null) },
    'window.close': { perform: () => shell.tell('closeWindow', null) },
    'window.full-screen': { perform: () => shell.tell('fullScreen', null) },
    'window.quit': { perform: () => shell.tell('quit', null) },
    'zoom.in': { perform: () => shell.tell('zoom', 'in') },
    'zoom.out': { perform: () => shell.tell('zoom', 'out') },
    'zoom.reset': { perform: () => shell.tell('zoom', 'reset') },
  })
  shell.on('command', performCommand)
  shell.on('notice', say)
  shell.on('problem', (told) => complain(new UserError(told)))
  shell.on('go', (address) => void router.push(address))
  shell.on('dataset', (source) => void router.push('/data').then(() => tellSource(source)))
  watch(choice, (theme) => shell.tell('theme', theme), { immediate: true })
  const enabled = computed(() => commands.value.filter((command) => command.isEnabled()).map(({ id }) => id))
  watch(
    () => enabled.value.join(' '),
    () => shell.tell('commands', enabled.value),
    { immediate: true },
  )
}
