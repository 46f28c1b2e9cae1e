import type { OnnxNode } from '../../../formats/onnx/model'
import type { Converter, Value } from './converter'

/** What a node comes to: a value, or why there is none. */
export type Outcome = Value | { readonly why: string }
/** What each of a node's outputs comes to. */
export interface Outcomes {
  readonly each: readonly Value[]
}
export type Operator = (node: OnnxNode, c: Converter) => Outcome
