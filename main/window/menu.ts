import { app, Menu, type BrowserWindow, type MenuItemConstructorOptions } from 'electron'
import { electronWords } from '../lab'

/** The menu. Its own commands go to the page, which also knows their keys: a key shown here is not taken twice. */
export function installMenu(window: () => BrowserWindow | null): void {
  const command = (label: string, id: string, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    registerAccelerator: false,
    click: () => window()?.webContents.send('command', id),
  })
  const isMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('New Run', 'run.new', 'CmdOrCtrl+N'),
        { type: 'separator' },
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Run',
      submenu: [command('Pause or Resume', 'run.pause', 'Space'), command('Stop', 'run.stop', 'CmdOrCtrl+.')],
    },
    {
      label: '&View',
      submenu: [
        command('Design', 'go.design', 'CmdOrCtrl+1'),
        command('Data', 'go.data', 'CmdOrCtrl+2'),
        command('Runs', 'go.runs', 'CmdOrCtrl+3'),
        command('Experiments', 'go.experiments', 'CmdOrCtrl+4'),
        command('Compare', 'go.compare', 'CmdOrCtrl+5'),
        command('Spectra', 'go.spectra', 'CmdOrCtrl+6'),
        command('New Run', 'go.new-run', 'CmdOrCtrl+7'),
        command('Settings', 'go.settings', 'CmdOrCtrl+8'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        { type: 'separator' },
        { role: 'reload' },
        { role: 'toggleDevTools' },
      ],
    },
    {
      label: '&Help',
      submenu: [
        command('Guide to This Page', 'help.here', 'F1'),
        ...[command('About and Doctor', 'go.settings', '')].map(({ accelerator: _, ...item }) => item),
      ],
    },
  ]
  const { electron, chrome } = process.versions
  app.setAboutPanelOptions({
    applicationName: 'NormLab',
    applicationVersion: app.getVersion(),
    copyright: `Electron ${electronWords(electron!, chrome)}`,
  })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
