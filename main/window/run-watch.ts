import { Notification, powerSaveBlocker } from 'electron'
import type { RunSummary } from '../../shared/api'
import type { LabSettings } from '../../shared/lab-settings'
import type { OpenLab } from '../lab'
import { newsOf, overallOf } from './run-news'
import type { Windows } from './windows'

/**
 * What the desktop sees of the runs: progress on the task bar, a machine that stays awake while one trains, and a notification of what became of one while nobody looked.
 */
export function watchRuns(lab: OpenLab, windows: Windows): void {
  const known = new Map<number, RunSummary>()
  let isFirst = true
  let blocker: number | null = null
  /** A notification that nothing holds is collected, and what a click on it does with it. */
  const shown = new Set<Notification>()

  function stayAwake(wanted: boolean): void {
    if (wanted) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
  function notify({ run, title, body }: ReturnType<typeof newsOf>[number]): void {
    if (!Notification.isSupported()) return
    const notification = new Notification({ title, body })
    shown.add(notification)
    notification.on('click', () => windows.tellFront('go', `/runs/${run}`))
    notification.on('close', () => shown.delete(notification))
    notification.show()
  }
  lab.subscribe('runs.changes', {}, ({ runs, gone }) => {
    void lab.request('lab.settings', {}).then(see, () => undefined)
    function see({ notifications, keepAwake }: LabSettings): void {
      const news = runs.flatMap((run) => (isFirst ? [] : newsOf(known.get(run.id) ?? null, run)))
      for (const run of runs) known.set(run.id, run)
      for (const id of gone) known.delete(id)
      isFirst = false
      const { share, trains, isPaused } = overallOf(known.values())
      stayAwake(trains && keepAwake)
      for (const window of windows.all) window.setProgressBar(share ?? -1, { mode: isPaused ? 'paused' : 'normal' })
      // Who looks at the app sees it there.
      if (notifications && !windows.all.some((window) => window.isFocused())) for (const one of news) notify(one)
    }
  })
}
