/**
 * Where a command's keys hold. `everywhere`: on all pages, plain keys not where one writes or presses a button. `run`, `runs`, `new-run` and so on: on these pages. `designer`: on
 * the designer's page, its panels included. `canvas`: where the canvas has the focus.
 */
export type Scope =
  | 'everywhere'
  | ('run' | 'runs' | 'new-run' | 'compare' | 'experiment' | 'data' | 'dataset' | 'library' | 'spectra' | 'settings')
  | ('designer' | 'canvas')

/** Part of the palette, of the list of keys, and of the menu. */
export type Section = 'File' | 'Go' | 'Run' | 'Data' | 'Window' | 'Build' | 'Edit' | 'Walk' | 'View' | 'Arrange' | 'Help'

/** Something that can be done, as all front ends know it: menu, keys, palette, toolbars and the list of keys are made of these. What it does is said by the page that has it (`useCommands`). */
export interface Command<Id extends string = string> {
  /** `run.pause` */
  readonly id: Id
  /** `Pause or resume` */
  readonly label: string
  readonly section: Section
  /** Other words under which somebody may look for it. */
  readonly keywords: string
  /** As they are written: `Ctrl+Shift+Z`, `F2`, `/`, `ArrowDown`. Ctrl stands for ⌘ on a Mac. The first is the one that is told. */
  readonly keys: readonly string[]
  readonly scope: Scope
  /** Whether a key that is held does it again and again. */
  readonly repeats: boolean
  /** Whether the system tells of it by an event of its own, as of pasting: the key is told, and not listened to. */
  readonly hasOwnEvent: boolean
  /** What it needs: the app's window, or nothing but a page. */
  readonly needs: 'window' | 'page'
}

type Told = Partial<Omit<Command, 'id' | 'label' | 'section' | 'scope'>>

/** Commands of one section and scope. */
export function commandsOf<
  const L extends readonly (readonly [id: string, label: string, keys: readonly string[], told?: Told])[],
>(section: Section, scope: Scope, list: L): Command<L[number][0]>[] {
  return list.map(([id, label, keys, told]) => ({
    ...{ keywords: '', repeats: false, hasOwnEvent: false, needs: 'page' as const, ...told },
    ...{ id, label, section, scope, keys },
  }))
}

/** Whether the keys of both scopes may hold at the same moment. */
function overlap(a: Scope, b: Scope): boolean {
  const pages = [a, b].map((scope) => (scope === 'canvas' ? 'designer' : scope))
  return pages.includes('everywhere') || pages[0] === pages[1]
}

/** Keys that mean two things at once, a sentence each; none, or the registry is wrong. */
export function conflicts(commands: readonly Command[]): string[] {
  return commands.flatMap((one, index) =>
    commands.slice(index + 1).flatMap((other) => {
      const key = one.keys.find((key) => other.keys.includes(key))
      return key !== undefined && overlap(one.scope, other.scope)
        ? [`${key} is ${one.id} (${one.scope}) and ${other.id} (${other.scope})`]
        : []
    }),
  )
}
