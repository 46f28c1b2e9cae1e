import { BrowserWindow, ipcMain, type IpcMainEvent } from 'electron'
import type { z } from 'zod'
import { isUserError } from '../../shared/errors'
import {
  type PageWords,
  type WindowAnswers,
  type WindowCall,
  type WindowWord,
  PAGE_CHANNELS,
  windowCalls,
  windowWords,
} from '../../shared/window-channels'
import { isOwnPage } from './sender'

/** Answers a call of pages. What is none of ours, or not as its schema says, is answered with null. */
export function answerCall<C extends WindowCall>(
  name: C,
  answer: (window: BrowserWindow, asked: z.output<(typeof windowCalls)[C]['asks']>) => Promise<WindowAnswers[C]>,
): void {
  const { channel, asks } = windowCalls[name]
  ipcMain.handle(channel, async (event, message: unknown): Promise<WindowAnswers[C] | null> => {
    const window = isOwnPage(event) ? BrowserWindow.fromWebContents(event.sender) : null
    const asked = asks.safeParse(message)
    if (!window || !asked.success) return null
    return answer(window, asked.data as z.output<(typeof windowCalls)[C]['asks']>)
  })
}

/** As a sentence for the reader; a bug goes to the log. */
export function sentenceOf(error: unknown, log: (text: string) => void): string {
  if (isUserError(error)) return error.message
  log(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 'something went wrong inside NormLab; its log has the details'
}

/** Hears what pages tell. What is none of ours, or not as its schema says, is not heard. */
export function hearWord<W extends WindowWord>(
  name: W,
  hear: (told: z.output<(typeof windowWords)[W]['tells']>, event: IpcMainEvent) => void,
): void {
  const { channel, tells } = windowWords[name]
  ipcMain.on(channel, (event: IpcMainEvent, message: unknown) => {
    const told = tells.safeParse(message)
    if (isOwnPage(event) && told.success) hear(told.data as z.output<(typeof windowWords)[W]['tells']>, event)
  })
}

/** Tells a window's page. */
export function tellPage<W extends keyof PageWords>(window: BrowserWindow, word: W, told: PageWords[W]): void {
  window.webContents.send(PAGE_CHANNELS[word], told)
}
