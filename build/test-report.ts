/** What of vitest's JSON report is read. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/** How many tests ended how. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
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
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = tests.filter((test) => test.status === 'failed').length + broken
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed, skipped: tests.length - passed - (failed - broken) }
}
