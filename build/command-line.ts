import { isUserError } from '../shared/errors'

/** Runs a tool of the build to its end: one sentence for people where it fails, a stack only for bugs, exit status 1 for both. */
export function runTool(tool: () => Promise<void>): void {
  tool().catch((error: unknown) => {
    const text = isUserError(error) ? error.message : error instanceof Error ? error.stack : String(error)
    process.stderr.write(`${text}\n`)
    process.exitCode = 1
  })
}
