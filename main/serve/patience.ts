import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { WebSocket, WebSocketServer } from 'ws'

/** How long a connection may take to say what it wants, milliseconds. */
export const PATIENCE_MS = 10_000
/** A page has seven connections at most; nobody needs more than some pages. */
const MOST_CONNECTIONS = 500
/** Between two looks at whether the other end of a WebSocket is still there, milliseconds. */
const LOOK_MS = 30_000

/** Closes connections that send nothing, or never a whole request: else whoever opens many keeps the others out. */
export function closeSilent(server: Server, patienceMs: number): void {
  server.maxConnections = MOST_CONNECTIONS
  server.headersTimeout = patienceMs
  server.keepAliveTimeout = Math.min(5000, patienceMs)
  // A large file takes as long as it takes.
  server.requestTimeout = 0
  const waiting = new WeakMap<object, NodeJS.Timeout>()
  server.on('connection', (socket: Socket) => {
    waiting.set(socket, setTimeout(() => socket.destroy(), patienceMs).unref())
    socket.on('close', () => clearTimeout(waiting.get(socket)))
  })
  const heard = ({ socket }: IncomingMessage): void => clearTimeout(waiting.get(socket))
  server.on('request', heard)
  server.on('upgrade', heard)
}

/** Ends WebSockets whose other end is gone without a word, or reads nothing of what it was sent. @returns how to stop looking. */
export function endDead(sockets: WebSocketServer): () => void {
  const unread = new WeakMap<WebSocket, number>()
  const quiet = new WeakSet<WebSocket>()
  sockets.on('connection', (socket: WebSocket) => {
    const alive = (): void => void quiet.delete(socket)
    socket.on('pong', alive)
    socket.on('message', alive)
  })
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      const before = unread.get(socket) ?? 0
      const reads = socket.bufferedAmount < before
      unread.set(socket, socket.bufferedAmount)
      if (quiet.has(socket) && !reads) socket.terminate()
      else {
        quiet.add(socket)
        socket.ping()
      }
    }
  }, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}
