import type { RunSummary } from '../../shared/api'
import { settingOf, type SettingValue } from '../../shared/settings-text'

/** A run's measures under the names that a scatter chart's axes choose from. */
export const RUN_MEASURES: Readonly<Record<string, { label: string; value: (run: RunSummary) => number | null }>> = {
  blocks: { label: 'blocks', value: (run) => run.blocks },
  parameters: { label: 'parameters', value: (run) => run.parameters },
  steps: { label: 'steps', value: (run) => run.progress.step },
  trainLoss: { label: 'train loss', value: (run) => run.measures.trainLoss },
  testLoss: { label: 'test loss', value: (run) => run.measures.testLoss },
  testError: { label: 'test error', value: (run) => (run.last.testAccuracy === null ? null : 1 - run.last.testAccuracy) },
  bestTestError: {
    label: 'best test error',
    value: (run) => (run.measures.bestTestAccuracy === null ? null : 1 - run.measures.bestTestAccuracy),
  },
  deviation: { label: 'mean |r − 1|', value: (run) => run.measures.deviation },
  coveringC: { label: 'covering c', value: (run) => run.measures.coveringC },
  chainRatio: { label: 'chain ratio', value: (run) => run.last.chainRatio },
  stepMs: { label: 'time a step, ms', value: (run) => run.progress.stepMs },
}

/** A name may come from a kept layout: what every object inherits is no measure. */
function measureOf(name: string): (typeof RUN_MEASURES)[string] | undefined {
  return Object.prototype.hasOwnProperty.call(RUN_MEASURES, name) ? RUN_MEASURES[name] : undefined
}

/** Anything that can be an axis: a measure's name or a setting's path. */
export function valueOf(run: RunSummary, name: string): SettingValue | null {
  const measure = measureOf(name)
  return measure ? measure.value(run) : settingOf(run, name)
}

export function labelOf(name: string): string {
  return measureOf(name)?.label ?? name.replace(/^training\./, '')
}

/** What is in an axis of these values: numbers, or words in the order in which they came. */
export function axisKind(values: readonly (SettingValue | null)[]): { kind: 'number' } | { kind: 'word'; words: string[] } {
  const known = values.filter((value) => value !== null)
  if (known.every((value) => typeof value === 'number')) return { kind: 'number' }
  return { kind: 'word', words: [...new Set(known.map(String))] }
}
