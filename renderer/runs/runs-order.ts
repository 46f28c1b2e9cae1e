import type { Summary } from './run-state'
import { shareDone } from './run-state'

/** Columns that the list of runs can be ordered by. */
export const RUN_COLUMNS = {
  name: { label: 'Name', value: (run: Summary) => run.name.toLowerCase(), numeric: false },
  state: { label: 'State', value: (run: Summary) => run.state, numeric: false },
  network: { label: 'Network', value: (run: Summary) => run.preset ?? run.network, numeric: false },
  data: { label: 'Data', value: (run: Summary) => run.dataset, numeric: false },
  loss: { label: 'Loss', value: (run: Summary) => run.last.loss, numeric: true },
  accuracy: { label: 'Accuracy', value: (run: Summary) => run.last.accuracy, numeric: true },
  test: { label: 'Test', value: (run: Summary) => run.last.testAccuracy, numeric: true },
  chain: { label: 'Chain ratio', value: (run: Summary) => run.last.chainRatio, numeric: true },
  progress: { label: 'Progress', value: shareDone, numeric: true },
  age: { label: 'Age', value: (run: Summary) => -run.id, numeric: true },
} as const

export type RunColumn = keyof typeof RUN_COLUMNS

/** Ordered by a column; runs without a value come last either way, equals by age. */
export function orderRuns(runs: readonly Summary[], column: RunColumn, descending: boolean): Summary[] {
  const { value } = RUN_COLUMNS[column]
  const sign = descending ? -1 : 1
  return [...runs].sort((left, right) => {
    const [a, b] = [value(left), value(right)]
    const [noA, noB] = [isAbsent(a), isAbsent(b)]
    if (noA || noB) return noA === noB ? right.id - left.id : noA ? 1 : -1
    if (a === b) return right.id - left.id
    return a! < b! ? -sign : sign
  })
}

function isAbsent(value: string | number | null): boolean {
  return value === null || (typeof value === 'number' && Number.isNaN(value))
}
