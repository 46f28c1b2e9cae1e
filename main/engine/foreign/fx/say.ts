import type { FxValue } from '../../../formats/fx'
import type { AskedCall, Said } from './in-onnx'

/** What both tables of calls are written with. */

export type Say = (call: AskedCall) => Said

export const number = (given: FxValue | undefined, absent: number): number => (typeof given === 'number' ? given : absent)
export const sameShape = (a: readonly number[], b: readonly number[]): boolean => a.length > 0 && a.join() === b.join()
