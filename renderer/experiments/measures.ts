import type { Summary } from '../runs/run-state'
import { formatLoss, formatPercent, formatRatio } from '../ui/format'

/** What an experiment's table and chart show of each run. */
export const MEASURES = {
  test: {
    label: 'Test accuracy',
    unit: 'at the end',
    value: (run: Summary) => run.last.testAccuracy,
    format: (value: number) => formatPercent(value),
    best: 'high',
  },
  bestTest: {
    label: 'Best test accuracy',
    unit: '',
    value: (run: Summary) => run.measures.bestTestAccuracy,
    format: (value: number) => formatPercent(value),
    best: 'high',
  },
  trainLoss: {
    label: 'Train loss',
    unit: 'nats, mean of the last epoch',
    value: (run: Summary) => run.measures.trainLoss,
    format: formatLoss,
    best: 'low',
  },
  deviation: {
    label: 'Mean |r − 1|',
    unit: 'over the blocks, mean ratios of the last epoch',
    value: (run: Summary) => run.measures.deviation,
    format: formatRatio,
    best: 'low',
  },
  coveringC: {
    label: 'Covering c',
    unit: 'smallest c whose bound covers all blocks',
    value: (run: Summary) => run.measures.coveringC,
    format: formatRatio,
    best: 'low',
  },
  chain: {
    label: 'Chain ratio',
    unit: 'last step',
    value: (run: Summary) => run.last.chainRatio,
    format: formatRatio,
    best: null,
  },
} as const
export type Measure = keyof typeof MEASURES
export const MEASURE_NAMES = Object.keys(MEASURES) as Measure[]
