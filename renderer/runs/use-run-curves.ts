import { computed, type Ref } from 'vue'
import type { Curve } from '../charts/curve-option'
import { axisEnd } from '../charts/growing-columns'
import { formatLoss, formatPercent, significant } from '../ui/format'
import type { RunRecords } from './run-records'

const TRAIN = 0
const TEST = 1

/** Loss, accuracy and rate of a run as curves over its steps. */
export function useRunCurves(records: Ref<RunRecords>, revision: Ref<number>, plannedSteps: Ref<number>) {
  /** Columns grow in place; each revision hands out fresh views of them. */
  const columns = computed(() => {
    void revision.value
    const { step, loss, smoothLoss, accuracy, smoothAccuracy, rate, epochs } = records.value
    const tested = epochs.filter((record) => record.testLoss !== null)
    return {
      step: step.view(),
      loss: loss.view(),
      smoothLoss: smoothLoss.view(),
      accuracy: accuracy.view(),
      smoothAccuracy: smoothAccuracy.view(),
      rate: rate.view(),
      testStep: tested.map((record) => record.lastStep),
      testLoss: tested.map((record) => record.testLoss ?? NaN),
      testAccuracy: tested.map((record) => record.testAccuracy ?? NaN),
    }
  })
  const loss = computed<Curve[]>(() => {
    const c = columns.value
    return [
      { name: 'train, each step', colour: TRAIN, style: 'faint', x: c.step, y: c.loss, format: formatLoss },
      { name: 'train, smoothed', colour: TRAIN, style: 'line', x: c.step, y: c.smoothLoss, format: formatLoss },
      { name: 'test', colour: TEST, style: 'points', x: c.testStep, y: c.testLoss, format: formatLoss },
    ]
  })
  const accuracy = computed<Curve[]>(() => {
    const c = columns.value
    return [
      { name: 'train, smoothed', colour: TRAIN, style: 'line', x: c.step, y: c.smoothAccuracy, format: formatPercent },
      { name: 'test', colour: TEST, style: 'points', x: c.testStep, y: c.testAccuracy, format: formatPercent },
    ]
  })
  const rate = computed<Curve[]>(() => {
    const c = columns.value
    return [{ name: 'rate', colour: TRAIN, style: 'line', x: c.step, y: c.rate, format: (value) => significant(value, 3) }]
  })
  const end = computed(() => {
    void revision.value
    return axisEnd(records.value.lastStep, plannedSteps.value)
  })
  return { loss, accuracy, rate, end }
}
