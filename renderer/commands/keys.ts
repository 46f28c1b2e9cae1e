/** A key event as commands write it. */
export function keyOf(event: KeyboardEvent): string {
  const { key } = event
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key
  // A sign that takes Shift to type says so by itself.
  const isLetter = key.length > 1 || key.toUpperCase() !== key.toLowerCase()
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey && isLetter ? 'Shift+' : ''}${name}`
}

/** Where one writes: letters and the system's own undo belong to the field. */
export const isWriting = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null

/** Whether a plain key has a meaning of its own there: what is typed in a field, what presses a button. */
export const hasOwnKey = (target: EventTarget | null, key: string): boolean =>
  isWriting(target)
    ? key !== 'F1'
    : /^(Space|Enter)$/.test(key) && target instanceof Element && target.closest('button, a, summary') !== null
