import { isUserError } from '../shared/errors'

/** Runs a tool of the build to its end: one sentence for people where it fails, a stack only for bugs, exit status 1 for both. */
export function runTool(tool: () => Promise<void>): void {
  tool().catch((error: unknown) => {
    tellFailure(error)
    process.exitCode = 1
  })
}

export function tellFailure(error: unknown): void {
  const isTold = isUserError(error) || isArgumentError(error)
  const text = isTold ? error.message : error instanceof Error ? error.stack : String(error)
  process.stderr.write(`${text}\n`)
}

/** What parseArgs of node:util throws: an option that is not there, or one without its value. */
function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
}
