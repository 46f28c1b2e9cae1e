import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron'
import type { RunSummary } from '../../shared/api'
import type { LabSettings } from '../../shared/lab-settings'
import type { OpenLab } from '../lab'
import { isSteered, pauseAll, stopAll } from './going-runs'
import { leavingWords } from './leaving-words'

/** What becomes of runs that go on when the last window closes. */
type Way = Exclude<LabSettings['whenClosed'], 'ask'>

/** Asks what becomes of the runs when the app is left, and sees to it. */
export class Leaving {
  /** Runs train on, and no window is open. */
  private hasBackground = false
  private quits = false
  private agreed = false
  /** The question that is open. */
  private asked: Promise<boolean> | null = null

  /** @param toBackground Called when the last window is about to close over runs that train on. */
  constructor(
    private readonly lab: OpenLab,
    private readonly toBackground: () => void,
  ) {
    app.on('before-quit', () => (this.quits = true))
  }

  /** Whether the app stays without a window. */
  get isInBackground(): boolean {
    return this.hasBackground
  }

  /** Whether all windows are about to close, and not one alone. */
  get isQuitting(): boolean {
    return this.quits
  }

  /** Whether nothing is left to be asked. */
  get hasAgreed(): boolean {
    return this.agreed
  }

  /** A window is open again. */
  backToFront(): void {
    this.hasBackground = false
    this.agreed = false
  }

  /**
   * Asks where the settings say so, and does what was chosen.
   *
   * @param window Whose dialog it is; null where none is open.
   * @returns whether the window may close, or the app end.
   */
  async mayLeave(window: BrowserWindow | null): Promise<boolean> {
    if (this.agreed) return true
    // Who asks again meanwhile gets the same answer, and no second question.
    this.asked ??= this.ask(window).finally(() => (this.asked = null))
    return this.asked
  }

  private async ask(window: BrowserWindow | null): Promise<boolean> {
    const going = await this.going()
    const way = going.length === 0 ? null : await this.wayOf(window, going)
    if (way === undefined) {
      this.quits = false
      return false
    }
    if (way === 'stop') await stopAll(this.lab, going)
    if (way === 'pause') await pauseAll(this.lab, going)
    if (way === 'background') {
      this.hasBackground = true
      this.quits = false
      this.toBackground()
    } else this.agreed = true
    return true
  }

  private async going(): Promise<RunSummary[]> {
    // Without an engine nothing of ours is going on; what another NormLab trains on this data folder is its own affair.
    if (this.lab.enginePid === undefined) return []
    return (await this.lab.request('runs.list', {})).filter(isSteered)
  }

  /** Undefined where all stays as it is. */
  private async wayOf(window: BrowserWindow | null, going: readonly RunSummary[]): Promise<Way | undefined> {
    const { whenClosed } = await this.lab.request('lab.settings', {})
    // Who quits does not mean the background, whatever closing a window means.
    const mayStay = window !== null && !this.quits
    if (whenClosed !== 'ask' && (whenClosed !== 'background' || mayStay)) return whenClosed
    const ways: readonly (readonly [string, Way | undefined])[] = [
      ['Stop and quit', 'stop'],
      ['Pause and quit', 'pause'],
      ...(window ? ([['Train on in the background', 'background']] as const) : []),
      ['Cancel', undefined],
    ]
    const question: MessageBoxOptions = {
      type: 'question',
      title: 'NormLab',
      ...leavingWords(going),
      buttons: ways.map(([label]) => label),
      checkboxLabel: 'Do this always (the settings have it)',
      defaultId: ways.length - 1,
      cancelId: ways.length - 1,
      noLink: true,
    }
    const { response, checkboxChecked } = await (window
      ? dialog.showMessageBox(window, question)
      : dialog.showMessageBox(question))
    const way = ways[response]?.[1]
    if (way && checkboxChecked) await this.lab.request('lab.configure', { whenClosed: way })
    return way
  }
}

/** Asks before the last window closes over a run that goes on, or all of them. */
export function askBeforeClosing(window: BrowserWindow, leaving: Leaving, isLast: () => boolean): void {
  let agreed = false
  let asking = false
  window.on('close', (event) => {
    if (agreed || leaving.hasAgreed || !(isLast() || leaving.isQuitting)) return
    event.preventDefault()
    if (asking) return
    asking = true
    void leaving
      .mayLeave(window)
      .catch(() => true)
      .then((yes) => {
        asking = false
        agreed = yes
        if (!yes) return
        // Where nobody had to be asked, Electron is still taking back this closing, and would not hear of another.
        setImmediate(() => {
          if (window.isDestroyed()) return
          // Where all were about to close, the others have been held back too.
          if (leaving.isQuitting) app.quit()
          else window.close()
        })
      })
  })
}
