import type { WebSocket } from 'ws'
import type { LabPort } from '../../shared/lab-port'
import { decodeMessage, encodeMessage } from '../../shared/wire'

/** Bytes that may wait for a slow browser before its connection is given up; it comes back and asks anew. */
const MOST_WAITING_BYTES = 512e6

/** A WebSocket as a port of the lab. A message that is not one closes the connection. */
export function socketPort(socket: WebSocket): LabPort {
  return {
    postMessage(message) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > MOST_WAITING_BYTES) socket.terminate()
      else socket.send(encodeMessage(message))
    },
    onMessage(listener) {
      socket.on('message', (content, isBinary) => {
        let message: unknown
        try {
          if (isBinary) throw new SyntaxError('messages are text')
          message = decodeMessage((content as Buffer).toString('utf8'))
        } catch {
          socket.close(1003, 'not a message')
          return
        }
        listener(message)
      })
    },
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
  }
}
