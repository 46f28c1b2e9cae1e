import { Menu, type MenuItemConstructorOptions, Tray } from 'electron'
import type { RunSummary } from '../../shared/api'
import type { OpenLab } from '../lab'
import { goOnAll, isSteered, pauseAll, stopAll } from './going-runs'
import { markImage } from './mark'
import { trayWords } from './tray-words'

/** Side of the icon, pixels; systems draw it at 16 to 24. */
const SIDE = 32

export interface TrayHands {
  readonly open: () => void
  readonly quit: () => void
}

/**
 * The icon of an app that trains without a window: it says how far the runs are, opens a window, pauses and stops them, or ends the app.
 *
 * @returns takes it away.
 */
export function showTray(lab: OpenLab, { open, quit }: TrayHands): () => void {
  const tray = new Tray(markImage(SIDE))
  tray.on('click', open)
  const known = new Map<number, RunSummary>()
  let shown = ''
  const going = (): RunSummary[] => [...known.values()].filter(isSteered)
  const tell = (): void => {
    const words = trayWords(known.values())
    tray.setToolTip(words.tip)
    const { pause, goOn, stop } = words
    // A menu that is made anew closes where it is open.
    const labels = JSON.stringify([pause, goOn, stop])
    if (labels === shown) return
    shown = labels
    const item = (label: string | undefined, act: (lab: OpenLab, runs: readonly RunSummary[]) => Promise<void>) =>
      label === undefined ? [] : [{ label: label.replaceAll('&', '&&'), click: () => void act(lab, going()) }]
    const acts: MenuItemConstructorOptions[] = [...item(pause, pauseAll), ...item(goOn, goOnAll), ...item(stop, stopAll)]
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open NormLab', click: open },
        ...(acts.length > 0 ? [{ type: 'separator' } as const, ...acts] : []),
        { type: 'separator' },
        { label: 'Quit', click: quit },
      ]),
    )
  }
  tell()
  const release = lab.subscribe('runs.changes', {}, ({ runs, gone }) => {
    for (const run of runs) known.set(run.id, run)
    for (const id of gone) known.delete(id)
    tell()
  })
  return () => {
    release()
    tray.destroy()
  }
}
