import { dialog, type BrowserWindow } from 'electron'
import type { RunSummary } from '../../shared/api'
import type { OpenLab } from '../lab'

/** A step in progress gets this long before the window closes all the same; what is recorded is safe either way. */
const PATIENCE_MS = 20_000

/** Asks before a window closes over a run that goes on; stops it after its step, so that its end is on record. */
export function askBeforeClosing(window: BrowserWindow, lab: OpenLab): void {
  let agreed = false
  let asking = false
  window.on('close', (event) => {
    if (agreed) return
    event.preventDefault()
    if (asking) return
    asking = true
    void mayClose(window, lab)
      .catch(() => true)
      .then((yes) => {
        asking = false
        agreed = yes
        if (yes && !window.isDestroyed()) window.close()
      })
  })
}

async function mayClose(window: BrowserWindow, lab: OpenLab): Promise<boolean> {
  // Without an engine nothing of ours is going on; what another NormLab trains on this data folder is its own affair.
  if (lab.enginePid === undefined) return true
  const going = (await lab.request('runs.list', {})).filter(isGoing)
  if (going.length === 0) return true
  const names = going.length === 1 ? `“${going[0]!.name}” is` : `${going.length} runs are`
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: `${names} still going on.`,
    detail:
      'It can be stopped after the current step: every finished step stays on record. Training does not go on without the window.',
    buttons: ['Stop and quit', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  if (response !== 0) return false
  await stopAll(lab, going)
  return true
}

function isGoing(run: RunSummary): boolean {
  return run.state === 'running' || run.state === 'paused' || run.state === 'queued'
}

async function stopAll(lab: OpenLab, runs: readonly RunSummary[]): Promise<void> {
  const left = new Set<number>()
  for (const { id } of runs) {
    try {
      await lab.request('runs.stop', { run: id })
      left.add(id)
    } catch {
      // Another NormLab's run: not ours to stop.
    }
  }
  await new Promise<void>((resolve) => {
    const timer = setTimeout(finish, PATIENCE_MS)
    const release = lab.subscribe('runs.changes', {}, ({ runs: changed, gone }) => {
      for (const id of gone) left.delete(id)
      for (const run of changed) if (!isGoing(run)) left.delete(run.id)
      if (left.size === 0) finish()
    })
    function finish(): void {
      clearTimeout(timer)
      release?.()
      resolve()
    }
  })
}
