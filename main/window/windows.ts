import { existsSync } from 'node:fs'
import path from 'node:path'
import { BrowserWindow, app } from 'electron'
import type { PageWords } from '../../shared/window-channels'
import { hearWord, tellPage } from './channels'
import { type WindowOptions, openWindow } from './open-window'

/** What follows of windows that come and go. */
interface WindowNews {
  /** One is brought to the front, or opened. */
  readonly onShown: () => void
  readonly onClosed: () => void
}

/** What a page is told when it is ready to hear it. */
type Message = { readonly [W in keyof PageWords]: { readonly word: W; readonly told: PageWords[W] } }[keyof PageWords]

/**
 * The app's windows on its one lab. Each remembers its place: the first, the second, …; one that is opened beside others begins a little below the one in front.
 */
export class Windows {
  private readonly open = new Map<BrowserWindow, number>()
  /** Pages that listen, and what waits for those that do not yet. */
  private readonly ready = new WeakSet<BrowserWindow>()
  private readonly waiting = new WeakMap<BrowserWindow, Message[]>()
  private last: BrowserWindow | null = null

  constructor(
    private readonly options: Omit<WindowOptions, 'placementFile' | 'beside' | 'isLast'>,
    private readonly folder: string,
    private readonly news: WindowNews,
  ) {
    // The first word of a page says that it listens.
    hearWord('commands', (_, { sender }) => {
      const window = BrowserWindow.fromWebContents(sender)
      if (!window || this.ready.has(window)) return
      this.ready.add(window)
      for (const { word, told } of this.waiting.get(window) ?? []) tellPage(window, word, told)
      this.waiting.delete(window)
    })
  }

  get all(): readonly BrowserWindow[] {
    return [...this.open.keys()]
  }

  /** The one that has the focus, else the one that had it last; null where none is open. */
  get front(): BrowserWindow | null {
    const focused = BrowserWindow.getFocusedWindow()
    if (focused && this.open.has(focused)) return focused
    return this.last ?? this.all[0] ?? null
  }

  openAnother(): BrowserWindow {
    const taken = new Set(this.open.values())
    let place = 1
    while (taken.has(place)) place++
    const placementFile = path.join(this.folder, place === 1 ? 'window.json' : `window-${place}.json`)
    const beside = this.open.size > 0 && !existsSync(placementFile) ? this.front : null
    const window = openWindow({ ...this.options, placementFile, beside, isLast: () => this.open.size === 1 })
    this.open.set(window, place)
    this.last = window
    window.on('focus', () => (this.last = window))
    // A page that is loaded again listens anew.
    window.webContents.on('did-start-loading', () => this.ready.delete(window))
    window.on('closed', () => {
      this.open.delete(window)
      if (this.last === window) this.last = null
      this.news.onClosed()
    })
    return window
  }

  /** Brings a window to the front, or opens one. */
  show(): BrowserWindow {
    this.news.onShown()
    const window = this.front ?? this.openAnother()
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    return window
  }

  /** Tells the page of the window in front, as soon as it listens. */
  tellFront<W extends keyof PageWords>(word: W, told: PageWords[W]): void {
    const window = this.show()
    if (this.ready.has(window)) return tellPage(window, word, told)
    this.waiting.set(window, [...(this.waiting.get(window) ?? []), { word, told } as Message])
  }
}

/** Words of pages that are about their window. */
export function hearOfWindows(windows: Windows): void {
  hearWord('newWindow', () => void windows.openAnother())
  hearWord('zoom', (way, { sender }) => {
    const level = way === 'reset' ? 0 : sender.getZoomLevel() + (way === 'in' ? 0.5 : -0.5)
    sender.setZoomLevel(Math.min(MOST_ZOOM, Math.max(-MOST_ZOOM, level)))
  })
  hearWord('closeWindow', (_, { sender }) => BrowserWindow.fromWebContents(sender)?.close())
  hearWord('fullScreen', (_, { sender }) => {
    const window = BrowserWindow.fromWebContents(sender)
    window?.setFullScreen(!window.isFullScreen())
  })
  hearWord('quit', () => app.quit())
}

/** Steps of 1.2: from 48 % to 207 %. */
const MOST_ZOOM = 4
