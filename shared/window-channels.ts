import { z } from 'zod'
import { ChosenSource } from './datasets/import-choices'
import { FileRequest, SourceRequest, type GivenSource } from './run-files'

/**
 * All that a page and the app's window say to each other, beside the port to the lab: one list, with what each message carries. `main/window/channels.ts` holds every
 * message from a page to its schema and to the app's own address.
 */

/** What a page asks, and is answered. */
export const windowCalls = {
  /** Asks where a run's file shall go, or which bundles to take in; a sentence for the reader, or null where the dialog was left. */
  files: { channel: 'lab:files', asks: FileRequest },
  /** Asks for a source of a data set in the system's dialog; a word for it and its name, or null. */
  source: { channel: 'lab:source', asks: SourceRequest },
  /** Paths of files that a hand dropped on the window, as the preload script read them off the drop itself. */
  dropped: { channel: 'lab:dropped', asks: z.array(z.string().min(1).max(4096)).min(1).max(1000) },
  /** Closes the app and opens it again on a data folder that was chosen; `moves` once all of this one is there, too. A sentence where that cannot be. */
  folder: { channel: 'lab:folder', asks: z.strictObject({ chosen: ChosenSource, moves: z.boolean() }) },
} as const
export type WindowCall = keyof typeof windowCalls

export interface WindowAnswers {
  readonly files: string | null
  readonly source: GivenSource | null
  readonly dropped: GivenSource | null
  readonly folder: string | null
}

/** What a page tells. */
export const windowWords = {
  /** Asks for a port to the lab, which comes as a message of its own. */
  connect: { channel: 'lab:connect', tells: z.undefined() },
  /** The commands that can be done on the page now. */
  commands: { channel: 'page:commands', tells: z.array(z.string().max(100)).max(1000) },
  newWindow: { channel: 'window:new', tells: z.null() },
  closeWindow: { channel: 'window:close', tells: z.null() },
  /** Fills the screen, or no longer. */
  fullScreen: { channel: 'window:full-screen', tells: z.null() },
  /** Asks for a file in the system's dialog, and opens it. */
  openFile: { channel: 'window:open', tells: z.null() },
  zoom: { channel: 'window:zoom', tells: z.enum(['in', 'out', 'reset']) },
  /** What the page's theme is, so that the system's own parts have it too. */
  theme: { channel: 'window:theme', tells: z.enum(['system', 'light', 'dark']) },
  quit: { channel: 'window:quit', tells: z.null() },
} as const
export type WindowWord = keyof typeof windowWords

/** What a page is told, by name. */
export interface PageWords {
  /** A command was chosen, by its id. */
  readonly command: string
  /** A sentence for the reader. */
  readonly notice: string
  /** What went wrong, a sentence that stays. */
  readonly problem: string
  /** An address of a page: `/runs/17`. */
  readonly go: string
  /** A source of a data set was opened, to be looked at and imported. */
  readonly dataset: GivenSource
}
export const PAGE_CHANNELS = {
  command: 'page:command',
  notice: 'page:notice',
  problem: 'page:problem',
  go: 'page:go',
  dataset: 'page:dataset',
} as const satisfies Record<keyof PageWords, string>

/** Brings a page its port. */
export const PORT_CHANNEL = 'lab:port'

export type Asks<C extends WindowCall> = z.input<(typeof windowCalls)[C]['asks']>
export type Tells<W extends WindowWord> = z.input<(typeof windowWords)[W]['tells']>

/** What the preload script lends to the page; absent in a browser. */
export interface WindowBridge {
  /** Asks the main process for a port to the lab; it comes as a message event with the data `normlab:port`. */
  connect(): void
  /** Hears of what the page is told, from now on. */
  on<W extends keyof PageWords>(word: W, listener: (told: PageWords[W]) => void): void
  tell<W extends Exclude<WindowWord, 'connect'>>(word: W, told: Tells<W>): void
  /** A `FileRequest`; the answer is a sentence for the reader, or null. */
  files(request: FileRequest): Promise<string | null>
  /** Goes on with a data folder that was chosen: the app closes and opens again; a sentence where that cannot be, null where it is about to be or was left. */
  folder(request: Asks<'folder'>): Promise<string | null>
  /** A `SourceRequest`; null where the dialog was left. A source that was dropped comes as a message event with the data `{ type: 'normlab:dropped' }`. */
  source(request: SourceRequest): Promise<GivenSource | null>
}
