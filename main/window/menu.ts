import { app, Menu, type BrowserWindow, type MenuItemConstructorOptions } from 'electron'
import { type Command, type CommandId, type Section, COMMANDS, accelerator } from '../../shared/commands'
import { electronWords } from '../lab'
import { hearWord, tellPage } from './channels'
import type { RecentFiles } from './recent-files'

/** The commands' sections in each menu; those that move about the canvas are for keys and the palette alone. */
const MENUS: readonly (readonly [label: string, sections: readonly Section[]])[] = [
  ['&Go', ['Go']],
  ['&Run', ['Run']],
  ['&Data', ['Data']],
  ['&Design', ['Edit', 'Build', 'Arrange', 'View']],
]

export interface RecentMenu {
  readonly recent: RecentFiles
  readonly open: (file: string) => void
  /** The list is another one. */
  readonly changed: () => void
}

/** What each window's page said that it can do. */
const possible = new Map<number, ReadonlySet<string>>()

/** The menu, made of the commands. What is chosen goes to the page, which also knows the keys: a key shown here is not taken twice. */
export function installMenu(window: () => BrowserWindow | null, { recent, open, changed }: RecentMenu): void {
  const item = (command: Command<CommandId>): MenuItemConstructorOptions => {
    const key = accelerator(command.keys[0])
    return {
      id: command.id,
      label: command.label,
      ...(key !== undefined && { accelerator: key }),
      registerAccelerator: false,
      click: () => {
        const one = window()
        if (one) tellPage(one, 'command', command.id)
      },
    }
  }
  const inSection = (section: Section): MenuItemConstructorOptions[] =>
    COMMANDS.filter((command) => command.section === section).map(item)
  const of = (...sections: readonly Section[]): MenuItemConstructorOptions[] =>
    sections.flatMap((section, index) => [...(index > 0 ? [{ type: 'separator' } as const] : []), ...inSection(section)])
  const recentItem = (): MenuItemConstructorOptions => ({
    label: 'Open Recent',
    enabled: recent.list.length > 0,
    submenu: [
      ...recent.list.map((file) => ({ label: file, click: () => open(file) })),
      { type: 'separator' },
      {
        label: 'Clear This List',
        click: () => {
          recent.clear()
          app.clearRecentDocuments()
          changed()
        },
      },
    ],
  })
  const isMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: fileMenu(inSection('File'), recentItem()) },
    { role: 'editMenu' },
    ...MENUS.map(([label, sections]) => ({ label, submenu: of(...sections) })),
    {
      label: '&View',
      submenu: [...of('Window'), { type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }],
    },
    { label: '&Help', submenu: of('Help') },
  ]
  const { electron, chrome } = process.versions
  app.setAboutPanelOptions({
    applicationName: 'NormLab',
    applicationVersion: app.getVersion(),
    copyright: `Electron ${electronWords(electron!, chrome)}`,
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))

  showPossible(window())
}

/** As the platforms have it: what was opened lately beneath Open, what closes at the end, whatever else there is in between. */
function fileMenu(
  items: readonly MenuItemConstructorOptions[],
  recent: MenuItemConstructorOptions,
): MenuItemConstructorOptions[] {
  const isLast = ({ id }: MenuItemConstructorOptions): boolean => LAST.has(id as CommandId)
  return [
    ...items.filter((item) => !isLast(item)).flatMap((item) => (item.id === OPEN ? [item, recent] : [item])),
    { type: 'separator' },
    ...items.filter(isLast),
  ]
}
const OPEN: CommandId = 'file.open'
const LAST: ReadonlySet<CommandId> = new Set<CommandId>(['window.close', 'window.quit'])

/** Greys what the window's page cannot do now. */
function showPossible(window: BrowserWindow | null): void {
  const can = possible.get(window?.webContents.id ?? -1)
  for (const { id } of COMMANDS) {
    const shown = Menu.getApplicationMenu()?.getMenuItemById(id)
    if (shown) shown.enabled = can?.has(id) ?? false
  }
}

/** Follows what pages say that they can do, and which window has the focus; once. */
export function followPossible(window: () => BrowserWindow | null): void {
  hearWord('commands', (told, { sender }) => {
    const { id } = sender
    if (!possible.has(id)) sender.once('destroyed', () => possible.delete(id))
    possible.set(id, new Set(told))
    showPossible(window())
  })
  app.on('browser-window-focus', () => showPossible(window()))
}
