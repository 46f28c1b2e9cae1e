import { readSignal, type Signal } from '../norms/signal'
import type { StepValues } from './measure'

/** The signal of a step that looked at it; null where it did not. @param units How many the network has: the step's norms may not have been measured. */
export function signalOf(step: StepValues | null, units: number): Signal | null {
  return step && readSignal(step.record.signal, units)
}
