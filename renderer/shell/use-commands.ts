import { onScopeDispose } from 'vue'

/** Something that a key or a menu item does. */
export interface Command {
  /** As the menu calls it. */
  readonly id: string
  /** `Space`, `Ctrl+.`, `Ctrl+1`; Ctrl stands for ⌘ on a Mac. */
  readonly key?: string
  perform(): unknown
}

const commands = new Map<string, Command>()

/** Makes commands known while the caller's scope lives; the newest of an id counts. */
export function useCommands(list: readonly Command[]): void {
  for (const command of list) commands.set(command.id, command)
  onScopeDispose(() => {
    for (const command of list) if (commands.get(command.id) === command) commands.delete(command.id)
  })
}

/** @returns whether there is such a command now. */
export function performCommand(id: string): boolean {
  const command = commands.get(id)
  if (!command) return false
  void command.perform()
  return true
}

/** The one listener to keys; once, in the shell. Keys without Ctrl do nothing where one writes or presses a button. */
export function listenToKeys(): void {
  const listener = (event: KeyboardEvent): void => {
    if (event.repeat || event.defaultPrevented || document.querySelector('dialog[open]')) return
    const key = keyOf(event)
    const plain = !key.startsWith('Ctrl+')
    if (plain && event.target instanceof Element && event.target.closest('input, textarea, select, button, a, summary')) return
    for (const command of commands.values()) {
      if (command.key !== key) continue
      event.preventDefault()
      void command.perform()
      return
    }
  }
  window.addEventListener('keydown', listener)
  onScopeDispose(() => window.removeEventListener('keydown', listener))
}

function keyOf(event: KeyboardEvent): string {
  const name = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${name}`
}
