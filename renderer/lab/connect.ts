import type { LabLink } from './lab-injection'
import { socketPort, windowPort } from './ports'
import { requireOurServer } from './proof'
import { reconnectingLab } from './reconnecting-lab'
import { enter } from './token'

/** The link to the lab: through the preload script in the window, through a WebSocket in a browser. */
export function connectToLab(): LabLink {
  const shell = window.normlab
  if (shell)
    return reconnectingLab(
      () => windowPort(shell),
      async () => false,
    )
  const entered = enter()
  return reconnectingLab(
    async () => {
      const token = await entered
      if (token === null) throw new Error('no token')
      await requireOurServer(token)
      return socketPort(token)
    },
    async () => (await entered) === null || (await serverAnswers()),
  )
}

/** A browser does not say why a socket stayed shut; a server that answers a plain request has refused it. */
async function serverAnswers(): Promise<boolean> {
  try {
    return (await fetch('./index.html', { method: 'HEAD', cache: 'no-store' })).status < 500
  } catch {
    return false
  }
}
