import { app, crashReporter } from 'electron'

/**
 * Crashes of the app's own processes are kept beside the window's state, as Chromium writes them, and go nowhere: what a process held in memory is
 * in them. Diagnostics tell that there are some, and when they came. Call it once the folder of the window's state is known.
 */
export function keepCrashRecords(log: (text: string) => void): void {
  crashReporter.start({ uploadToServer: false })
  app.on('child-process-gone', (_, { type, reason, exitCode }) => {
    if (reason !== 'clean-exit') log(`${type} process gone: ${reason} (${exitCode})`)
  })
}
