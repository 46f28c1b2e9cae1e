import { ipcMain, MessageChannelMain, type IpcMainEvent, type MessagePortMain } from 'electron'
import type { Lab } from '../../shared/api'
import type { LabPort } from '../../shared/lab-port'
import { connectLab } from '../lab'
import { isOwnPage } from './sender'

/** Gives each page that asks a port to the lab; a page that is loaded again gets a new one, and the old one is let go. */
export function offerLab(lab: Lab, log: (text: string) => void): void {
  const open = new Map<number, MessagePortMain>()
  ipcMain.on('lab:connect', (event: IpcMainEvent) => {
    if (!isOwnPage(event)) return
    const page = event.sender.id
    open.get(page)?.close()
    const { port1, port2 } = new MessageChannelMain()
    open.set(page, port1)
    port1.once('close', () => open.get(page) === port1 && open.delete(page))
    connectLab(lab, labPort(port1), { log })
    event.sender.postMessage('lab:port', null, [port2])
  })
}

function labPort(port: MessagePortMain): LabPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', ({ data }) => listener(data))
      port.start()
    },
    onClose: (listener) => port.once('close', listener),
    close: () => port.close(),
  }
}
