/** `Ctrl+Shift+Z` and the like for people. */
export function keyText(key: string, isMac = false): string {
  const text = key
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('Delete', 'Del')
    .replace('Enter', '⏎')
    .replace('Escape', 'Esc')
  return isMac ? text.replace('Ctrl+', '⌘') : text
}

/** A key as Electron's menu tells it; undefined for plain signs, which its parser does not know. */
export function accelerator(key: string | undefined): string | undefined {
  if (key === undefined) return undefined
  const parts = key.split('+').map((part) => part.replace(/^Arrow/, ''))
  if (parts.some((part) => !/^(Ctrl|Shift|Alt|[A-Z0-9.=-]|F\d+|Space|Enter|Delete|Up|Down|Left|Right|Escape)$/.test(part)))
    return undefined
  return parts.map((part) => (part === 'Ctrl' ? 'CmdOrCtrl' : part)).join('+')
}
