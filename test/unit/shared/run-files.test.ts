import { expect, it } from 'vitest'
import { reportAddress, reportFileName } from '../../../shared/run-files'

it('names a report’s file by what it is of, in letters that every file system takes', () => {
  expect(reportFileName({ runs: [3] }, 'plain:blocks=1,widths=4/8 · rate 0.1', 'html')).toBe(
    'run-3-plain-blocks-1-widths-4-8-rate-0.1.html',
  )
  expect(reportFileName({ runs: [3, 3] }, '…', 'html')).toBe('run-3.html')
  expect(reportFileName({ experiment: 2 }, '../"deeper"\r\nnets', 'pdf')).toBe('experiment-2-deeper-nets.pdf')
  expect(reportFileName({ comparison: 1 }, 'Both rates', 'html')).toBe('comparison-1-Both-rates.html')
})

it('names a report of several runs by their numbers, and counts those beyond the eighth', () => {
  const of = (count: number) => ({ runs: Array.from({ length: count }, (_, i) => i + 1) })
  expect(reportFileName(of(2), 'Comparison of 2 runs', 'html')).toBe('runs-1,2.html')
  expect(reportFileName(of(200), 'Comparison of 200 runs', 'html')).toBe('runs-1,2,3,4,5,6,7,8-and-192-more.html')
  expect(reportAddress(of(200))).toMatch(/^runs-1,2,.*,200\.html$/)
  expect(reportAddress({ experiment: 2 })).toBe('experiment-2.html')
})
