import type { WebSocket } from 'ws'
import type { LabPort } from '../../shared/lab-port'
import { decodeMessage, encodeMessage } from '../../shared/wire'

/** Bytes that the other end has not read: beyond these it is asked nothing more, and its next questions wait. */
const MOST_UNREAD_BYTES = 8e6
/** Beyond these its connection is given up (events go on coming, whether or not it reads); it comes back and asks anew. */
const MOST_WAITING_BYTES = 64e6
/** Questions of one connection that are worked on at the same time. */
const MOST_ANSWERING = 16
/** Questions of one connection that wait for their turn. */
const MOST_QUESTIONS = 10_000

/**
 * A WebSocket as a port of the lab. A message that is not one closes the connection. Whoever asks faster than it reads waits: its
 * questions are taken one at a time, between those of others, and no more of them are read from the wire meanwhile.
 */
export function socketPort(socket: WebSocket): LabPort {
  const questions: Buffer[] = []
  let listen: ((message: unknown) => void) | undefined
  let answering = 0
  let isTaking = false

  const giveUp = (code: number, reason: string): void => {
    questions.length = 0
    socket.close(code, reason)
    // It may not read that either.
    setTimeout(() => socket.terminate(), 1000).unref()
  }
  const mayTake = (): boolean => answering < MOST_ANSWERING && socket.bufferedAmount <= MOST_UNREAD_BYTES
  const take = (): void => {
    if (isTaking || socket.readyState !== socket.OPEN) return
    if (questions.length === 0) return socket.resume()
    if (!mayTake()) return
    isTaking = true
    let message: unknown
    try {
      message = decodeMessage(questions.shift()!.toString('utf8'))
    } catch {
      giveUp(1003, 'not a message')
      return
    }
    if (typeOf(message) === 'request') answering++
    listen?.(message)
    // Others have their turn in between.
    setImmediate(() => {
      isTaking = false
      take()
    })
  }

  return {
    postMessage(message) {
      if (socket.readyState !== socket.OPEN) return
      const type = typeOf(message)
      if (type === 'answer' || type === 'refused') answering = Math.max(0, answering - 1)
      if (socket.bufferedAmount > MOST_WAITING_BYTES) return giveUp(1013, 'what was sent is not read')
      socket.send(encodeMessage(message), take)
    },
    onMessage(listener) {
      listen = listener
      socket.on('message', (content, isBinary) => {
        if (isBinary) return giveUp(1003, 'messages are text')
        if (questions.length >= MOST_QUESTIONS) return giveUp(1008, 'too many questions at once')
        questions.push(content as Buffer)
        if (questions.length > 1) socket.pause()
        take()
      })
    },
    onClose: (listener) => void socket.on('close', listener),
    close: () => socket.close(),
  }
}

const typeOf = (message: unknown): unknown => (message as { type?: unknown } | null | undefined)?.type
