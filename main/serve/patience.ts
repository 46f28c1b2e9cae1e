import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { WebSocket, WebSocketServer } from 'ws'

/** How long a connection may take to say what it wants, milliseconds. */
export const PATIENCE_MS = 10_000
/** A page has seven connections at most; nobody needs more than some pages. */
const MOST_CONNECTIONS = 1000
/** Of those that have not said a word yet. Whoever opens more closes the oldest of them, and keeps nobody out. */
const MOST_SILENT = 200
/** Between two looks at whether the other end of a WebSocket is still there, milliseconds. */
const LOOK_MS = 30_000

/** Closes connections that send nothing, or never a whole request: else whoever opens many keeps the others out. */
export function closeSilent(server: Server, patienceMs: number): void {
  server.maxConnections = MOST_CONNECTIONS
  server.headersTimeout = patienceMs
  server.keepAliveTimeout = Math.min(5000, patienceMs)
  // A large file takes as long as it takes.
  server.requestTimeout = 0
  // In the order in which they came.
  const silent = new Map<Socket, NodeJS.Timeout>()
  const noLonger = (socket: Socket): void => {
    clearTimeout(silent.get(socket))
    silent.delete(socket)
  }
  server.on('connection', (socket: Socket) => {
    silent.set(socket, setTimeout(() => socket.destroy(), patienceMs).unref())
    socket.on('close', () => noLonger(socket))
    if (silent.size > MOST_SILENT) silent.keys().next().value?.destroy()
  })
  const heard = ({ socket }: IncomingMessage): void => noLonger(socket)
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
