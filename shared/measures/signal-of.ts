import { readSignal, type Signal } from '../norms/signal'
import type { StepValues } from './measure'

/** The signal of a step that looked at it; null where it did not, or its norms were not measured. */
export function signalOf(step: StepValues | null): Signal | null {
  return step && readSignal(step.record.signal, step.ratios.all.length)
}
