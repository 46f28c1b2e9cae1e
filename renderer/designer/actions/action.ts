/** Something that the reader can do in the designer; toolbar, keys and the list of keys all come from it. */
export interface Action {
  readonly id: string
  /** `Make a block`. */
  readonly label: string
  /** Part of the list of keys. */
  readonly section: 'Edit' | 'Build' | 'Go' | 'View' | 'Arrange'
  /** As they are written: `Ctrl+Shift+Z`, `F2`, `/`, `ArrowDown`. Ctrl stands for ⌘ on a Mac. */
  readonly keys: readonly string[]
  isEnabled(): boolean
  /** @param text What is pasted. */
  perform(text?: string): unknown
}

/** A key event as actions write it. */
export function keyOf(event: KeyboardEvent): string {
  const { key } = event
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key
  // A sign that takes Shift to type says so by itself.
  const isLetter = key.length > 1 || key.toUpperCase() !== key.toLowerCase()
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey && isLetter ? 'Shift+' : ''}${name}`
}

/** `Ctrl+Shift+Z` and the like for people. */
export function keyText(key: string): string {
  return key
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('Delete', 'Del')
    .replace('Enter', '⏎')
    .replace('Escape', 'Esc')
}
