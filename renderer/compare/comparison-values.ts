import type { RunSummary } from '../../shared/api'
import { findMeasure, runMeasures } from '../../shared/measures'
import { titleWithUnit } from '../../shared/measures/values'
import { settingOf, type SettingValue } from '../../shared/settings-text'

/** A measure of runs by its name, which may come from a kept layout. */
function runMeasure(name: string): (typeof runMeasures)[number] | undefined {
  const measure = findMeasure(name)
  return measure && runMeasures.includes(measure) ? measure : undefined
}

/** Anything that can be an axis: a measure's name or a setting's path. */
export function valueOf(run: RunSummary, name: string): SettingValue | null {
  const measure = runMeasure(name)
  return measure ? run.measures[measure.name] : settingOf(run, name)
}

/** @param testedOn See `titleOf`. */
export function labelOf(name: string, testedOn?: readonly string[]): string {
  const measure = runMeasure(name)
  if (!measure) return name.replace(/^(training|execution)\./, '')
  return titleWithUnit(measure, testedOn)
}

/** What is in an axis of these values: numbers, or words in the order in which they came. */
export function axisKind(values: readonly (SettingValue | null)[]): { kind: 'number' } | { kind: 'word'; words: string[] } {
  const known = values.filter((value) => value !== null)
  if (known.every((value) => typeof value === 'number')) return { kind: 'number' }
  return { kind: 'word', words: [...new Set(known.map(String))] }
}
