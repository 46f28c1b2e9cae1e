/** One end of a wire between a front end and the lab: a MessagePort, a WebSocket, or a pair in memory. Messages keep their order. */
export interface LabPort {
  postMessage(message: unknown): void
  onMessage(listener: (message: unknown) => void): void
  /** Called once when the other end is gone. */
  onClose(listener: () => void): void
  close(): void
}

/** Path and subprotocol of the browser mode's WebSocket; the second subprotocol that the browser offers is the token. */
export const LAB_SOCKET_PATH = '/lab'
export const LAB_SUBPROTOCOL = 'normlab'

/** Where the browser mode's page takes the ticket of its address for the token, and the header that has it. */
export const TICKET_PATH = '/ticket'
export const TICKET_HEADER = 'x-normlab-ticket'

/**
 * Where a page asks the server to prove that it has the page's token, before it gives it: with the server down, another user's program may answer at its port. The page says
 * a word of 64 hexadecimal digits that it has just made up; the answer is the HMAC-SHA256 of `proofText` by the token.
 */
export const PROOF_PATH = '/proof'
export const NONCE_HEADER = 'x-normlab-nonce'

/** What is signed. The port is in it, so that nobody hands on what the true server says elsewhere. */
export const proofText = (nonce: string, port: number | string): string => `normlab ${port} ${nonce}`

/** Two ports joined in memory, for a front end in the lab's own process. Messages arrive in a later microtask, like on any wire. */
export function portPair(): [LabPort, LabPort] {
  const sides = [new MemoryPort(), new MemoryPort()] as const
  sides[0].other = sides[1]
  sides[1].other = sides[0]
  return [sides[0], sides[1]]
}

class MemoryPort implements LabPort {
  other: MemoryPort | undefined
  private readonly messageListeners: ((message: unknown) => void)[] = []
  private readonly closeListeners: (() => void)[] = []
  private open = true

  postMessage(message: unknown): void {
    if (!this.open) return
    void Promise.resolve().then(() => this.other?.receive(message))
  }

  onMessage(listener: (message: unknown) => void): void {
    this.messageListeners.push(listener)
  }

  onClose(listener: () => void): void {
    this.closeListeners.push(listener)
  }

  close(): void {
    if (!this.open) return
    this.open = false
    this.other?.close()
    for (const listener of this.closeListeners) listener()
  }

  private receive(message: unknown): void {
    if (this.open) for (const listener of this.messageListeners) listener(message)
  }
}
