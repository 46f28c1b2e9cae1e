/** What of vitest's JSON report is read. */
export interface VitestReport {
  readonly testResults: readonly VitestFile[]
}

interface VitestFile {
  /** Absolute path. */
  readonly name: string
  readonly status: string
  /** Why the file itself failed, where no test shows it. */
  readonly message?: string
  readonly assertionResults: readonly {
    readonly status: string
    readonly fullName: string
    readonly failureMessages?: readonly string[]
  }[]
}

/** How many tests ended how. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** One test that failed, or a file that could not be loaded. */
export interface Failure {
  /** Absolute path. */
  readonly file: string
  /** Its describes' and its own name; empty for a file. */
  readonly test: string
  /** First line of what it said. */
  readonly message: string
}

/**
 * Counts a suite's tests. A file that could not be loaded counts as one failure, and so does a run that failed for a reason that no
 * test shows (no report, no tests, an error outside of the tests): nothing that went wrong is lost in the sum.
 * @param status Exit status of the run.
 */
export function countTests(report: VitestReport | undefined, status: number | null): Counts {
  const files = report?.testResults ?? []
  const tests = files.flatMap((file) => file.assertionResults)
  const passed = tests.filter((test) => test.status === 'passed').length
  const broken = files.filter(isBroken).length
  const failed = tests.filter((test) => test.status === 'failed').length + broken
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: tests.length - passed - (failed - broken) }
}

/** What failed, in the report's order. */
export function failuresIn(report: VitestReport | undefined): Failure[] {
  return (report?.testResults ?? []).flatMap((file): Failure[] => {
    const tests = file.assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({ file: file.name, test: test.fullName, message: firstLine(test.failureMessages?.[0]) }))
    return isBroken(file) ? [...tests, { file: file.name, test: '', message: firstLine(file.message) }] : tests
  })
}

/** The first report with the files of a second run in the place of its own. */
export function withFilesOf(first: VitestReport, second: VitestReport): VitestReport {
  const again = new Map(second.testResults.map((file) => [file.name, file]))
  return { testResults: first.testResults.map((file) => again.get(file.name) ?? file) }
}

function isBroken(file: VitestFile): boolean {
  return file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')
}

function firstLine(text = ''): string {
  return text.trim().split('\n', 1)[0] ?? ''
}
