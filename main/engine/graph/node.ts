/** TensorFlow's GraphDef as plain objects: what the builder makes and the encoder writes. */

/** TensorFlow's DataType numbers (types.proto). */
export const DATA_TYPE = {
  float: 1,
  double: 2,
  int32: 3,
  string: 7,
  complex64: 8,
  bool: 10,
  complex128: 18,
  resource: 20,
} as const

export type Attribute =
  | { readonly s: string }
  | { readonly i: number }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly type: number }
  | { readonly shape: readonly number[] }
  | { readonly tensor: { readonly dtype: number; readonly shape: readonly number[]; readonly content: Uint8Array } }
  | { readonly ints: readonly number[] }
  | { readonly types: readonly number[] }

export interface GraphNode {
  readonly name: string
  op: string
  /** `node`, `node:1`, or `^node` for “after”. */
  readonly inputs: string[]
  attributes: Record<string, Attribute>
  /** Where it is computed, in TensorFlow's words; TensorFlow's choice where absent. */
  readonly device?: string
}
