import { describe, expect, it } from 'vitest'
import { countTests, failuresIn, withFilesOf } from '../../../build/test-report'

const file = (status: string, ...tests: string[]) => named('/a.test.ts', status, ...tests)

function named(name: string, status: string, ...tests: string[]) {
  const failureMessages = ['Error: expected 1\n    at line 3']
  const assertionResults = tests.map((test, at) => ({ status: test, fullName: `a part ${at}`, failureMessages }))
  return { name, status, message: 'Cannot find x\n at y', assertionResults }
}

describe("the sum of a suite's tests", () => {
  it('counts what passed, failed and was left out', () => {
    const report = { testResults: [file('passed', 'passed', 'pending'), file('failed', 'failed', 'passed', 'todo')] }
    expect(countTests(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 })
  })

  it('counts a file that could not be loaded as a failure', () => {
    expect(countTests({ testResults: [file('failed'), file('passed', 'passed')] }, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
    })
  })

  it('counts a run without a report as a failure', () => {
    expect(countTests(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })

  it('counts an error outside of the tests as a failure', () => {
    expect(countTests({ testResults: [file('passed', 'passed')] }, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  })
})

describe('what failed', () => {
  it('is told by file, test and the first line of what it said', () => {
    const report = {
      testResults: [file('failed', 'passed', 'failed'), named('/b.test.ts', 'failed'), named('/c.test.ts', 'passed', 'passed')],
    }
    expect(failuresIn(report)).toEqual([
      { file: '/a.test.ts', test: 'a part 1', message: 'Error: expected 1' },
      { file: '/b.test.ts', test: '', message: 'Cannot find x' },
    ])
    expect(failuresIn(undefined)).toEqual([])
  })

  it('counts as its second run ended, and nothing else does', () => {
    const first = {
      testResults: [
        file('failed', 'passed', 'failed'),
        named('/b.test.ts', 'failed', 'failed'),
        named('/c.test.ts', 'passed', 'passed'),
      ],
    }
    const second = { testResults: [file('passed', 'passed', 'passed'), named('/b.test.ts', 'failed', 'failed')] }
    const both = withFilesOf(first, second)
    expect(countTests(both, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 })
    expect(failuresIn(both).map((one) => one.file)).toEqual(['/b.test.ts'])
  })
})
