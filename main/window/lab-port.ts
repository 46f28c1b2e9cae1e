import { MessageChannelMain, type MessagePortMain } from 'electron'
import type { Lab } from '../../shared/api'
import type { LabPort } from '../../shared/lab-port'
import { PORT_CHANNEL } from '../../shared/window-channels'
import { connectLab } from '../lab'
import { hearWord } from './channels'

/** Gives each page that asks a port to the lab; a page that is loaded again gets a new one, and the old one is let go. */
export function offerLab(lab: Lab, log: (text: string) => void): void {
  const open = new Map<number, MessagePortMain>()
  hearWord('connect', (_, event) => {
    const page = event.sender.id
    open.get(page)?.close()
    const { port1, port2 } = new MessageChannelMain()
    open.set(page, port1)
    port1.once('close', () => open.get(page) === port1 && open.delete(page))
    connectLab(lab, labPort(port1), { log })
    event.sender.postMessage(PORT_CHANNEL, null, [port2])
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
