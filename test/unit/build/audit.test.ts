import { describe, expect, it } from 'vitest'
import { readAudit } from '../../../build/known-faults'

describe('the audit of packages', () => {
  it('tells the grave faults from the others', () => {
    const said = JSON.stringify({
      auditReportVersion: 2,
      vulnerabilities: {
        ws: { severity: 'high', via: [{ title: 'it falls over', url: 'https://example.org/1' }], range: '<8' },
        zod: { severity: 'low', via: ['ws'], range: '*' },
      },
      metadata: {},
    })
    expect(readAudit(said)).toEqual({
      grave: ['ws <8, high: it falls over'],
      other: ['zod *, low: by way of ws'],
      skipped: null,
    })
    expect(readAudit('{"vulnerabilities":{}}')).toEqual({ grave: [], other: [], skipped: null })
  })

  it.each([
    ['{"message":"404 Not Found - POST","error":{"summary":"404 Not Found\\nmore","detail":""}}', '(404 Not Found)'],
    ['{"error":{"code":"ENOAUDIT"}}', '(ENOAUDIT)'],
    // As the registry that this was written beside answers.
    ['{"message":"","error":{"summary":"","detail":""}}', '(without a reason)'],
    ['', 'no answer that can be read'],
    ['<html>', 'no answer that can be read'],
  ])('says that nothing was learnt where the registry answers %j', (said, why) => {
    const { skipped, grave } = readAudit(said)
    expect(skipped).toMatch(/^the packages were not audited: /)
    expect(skipped).toContain(why)
    expect(grave).toEqual([])
  })
})
