/** A network in ONNX's words (https://onnx.ai/onnx/operators), whoever wrote it. */

export interface OnnxModel {
  /** What wrote it, with its version. */
  readonly producer: string
  /** Each behind its inputs. */
  readonly nodes: readonly OnnxNode[]
  /** Weights and other constants by the names of their values. */
  readonly constants: ReadonlyMap<string, Constant>
  /** What enters, without the constants, with its sides; null where a side is not fixed. */
  readonly inputs: readonly { readonly name: string; readonly dims: readonly (number | null)[] }[]
  readonly outputs: readonly string[]
  /** Which version of ONNX's own operators its words are of; undefined where they are the newest. */
  readonly opset?: number
  /** How many images there were where the shapes were seen. */
  readonly batch?: number
  /** Bytes of the files beside its own in which its constants lie. */
  readonly beside?: number
  /** Sentences of what it cannot say, where whoever made it knows. */
  readonly approximated?: readonly string[]
}

export interface OnnxNode {
  /** For messages: its name, or its operator and place where it has none. */
  readonly name: string
  readonly op: string
  /** Names of values; empty where one that may be absent is. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: NodeAttributes
  /** Of its first output, where whoever made it saw that: for a batch of images, batch × channels × height × width. */
  readonly shape?: readonly number[]
  /** Why there is no operator for it, where whoever made it knows. */
  readonly why?: string
  /** What was left out of it since it does nothing in evaluation. */
  readonly left?: string
}

/** What a node is told, with ONNX's own defaults where that is absent. */
export interface NodeAttributes {
  has(name: string): boolean
  int(name: string, absent: number): number
  float(name: string, absent: number): number
  ints(name: string): readonly number[] | undefined
  floats(name: string): readonly number[] | undefined
  text(name: string, absent: string): string
  tensor(name: string): Constant | undefined
}

/** A tensor that a network has in it: weights, or what an operator is told. */
export interface Constant {
  readonly dims: readonly number[]
  /** How many numbers it has. */
  readonly length: number
  /** In single precision, row by row. @throws UserError where its file does not have what it says. */
  floats(): Float32Array
  /** Whole numbers, as shapes and axes are; undefined where it holds others. */
  integers(): number[] | undefined
  /** Whether it is a number that the program was written with, and no tensor of its own; undefined where that cannot be told. */
  readonly isTold?: boolean
  /** Whether it holds neither weights nor whole numbers, but truths or text. */
  readonly isNoNumber?: boolean
}
