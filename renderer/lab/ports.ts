import { LAB_SOCKET_PATH, LAB_SUBPROTOCOL, type LabPort } from '../../shared/lab-port'
import { decodeMessage, encodeMessage } from '../../shared/wire'

/** The port to the lab in Electron's main process, which the preload script hands over. */
export function windowPort(shell: NonNullable<Window['normlab']>): Promise<LabPort> {
  return new Promise((resolve) => {
    const receive = (event: MessageEvent): void => {
      const port = event.ports[0]
      if (event.source !== window || event.data !== 'normlab:port' || !port) return
      window.removeEventListener('message', receive)
      resolve({
        postMessage: (message) => port.postMessage(message),
        onMessage: (listener) => {
          port.onmessage = (incoming) => listener(incoming.data)
        },
        onClose: (listener) => port.addEventListener('close', listener),
        close: () => port.close(),
      })
    }
    window.addEventListener('message', receive)
    shell.connect()
  })
}

/**
 * The port to a lab that serves this page on the loopback.
 *
 * @throws Error where the socket does not open.
 */
export function socketPort(token: string): Promise<LabPort> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(new URL(LAB_SOCKET_PATH, location.href.replace(/^http/, 'ws')), [LAB_SUBPROTOCOL, token])
    socket.onerror = () => reject(new Error('the socket did not open'))
    socket.onopen = () =>
      resolve({
        postMessage: (message) => socket.send(encodeMessage(message)),
        onMessage: (listener) => {
          socket.onmessage = (event: MessageEvent<string>) => listener(decodeMessage(event.data))
        },
        onClose: (listener) => socket.addEventListener('close', listener),
        close: () => socket.close(),
      })
  })
}
