/** Whoever started this process as a host, as the host sees it. */
export interface Starter {
  /** Nothing happens where it is gone. */
  send(text: string): void
  onMessage(listener: (text: string) => void): void
  onGone(listener: () => void): void
}

/** What Electron's utility processes have, in so far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
}

/** The channel that this process was started with: Electron's port, or Node's. */
export function starter(): Starter {
  const { parentPort } = process as unknown as { parentPort?: ParentPort | null }
  return parentPort ? byPort(parentPort) : byChannel()
}

/** Electron ends a utility process whose app is gone. */
function byPort(port: ParentPort): Starter {
  return {
    send: (text) => port.postMessage(text),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data as string)),
    onGone: (listener) => port.on('close', listener),
  }
}

function byChannel(): Starter {
  return {
    send(text) {
      if (process.connected) process.send?.(text)
    },
    onMessage: (listener) => process.on('message', (text) => listener(text as string)),
    onGone: (listener) => process.on('disconnect', listener),
  }
}
