import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import { isOwnAddress } from './address'

/** Whether a message comes from one of our own pages itself, and not from a frame in it or from a page that came there in its place. */
export function isOwnPage({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame === sender.mainFrame && isOwnAddress(senderFrame?.url ?? '')
}
