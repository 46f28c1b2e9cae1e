import { app, crashReporter } from 'electron'

/**
 * Crashes of the app's own processes are kept beside the window's state, as Chromium writes them, and go nowhere: what a process held in memory is
 * in them. Diagnostics tell that there are some, and when they came. Call it once the folder of the window's state is known.
 */
export function keepCrashRecords(log: (text: string) => void): void {
  crashReporter.start({ uploadToServer: false })
  app.on('child-process-gone', (_, { type, reason, exitCode, name }) => {
    if (reason === 'clean-exit' || (reason === 'killed' && name === ENGINE_NAME && ourKills-- > 0)) return
    ourKills = Math.max(0, ourKills)
    log(`${type} process gone: ${reason} (${exitCode})`)
  })
}

/** How an engine's process is called in what is told of it. */
export const ENGINE_NAME = 'NormLab engine'
/** Engines that were ended here, as each is that has done its work: no crashes, and nothing for a log that somebody looks for one in. */
let ourKills = 0
export function noteOurKill(): void {
  ourKills += 1
}
