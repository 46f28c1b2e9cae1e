import type { Constant, OnnxModel, OnnxNode } from '../../../../formats/onnx/model'

/** A network's nodes by what they make, for finding out what several of them are together. */
export class Graph {
  private readonly makers = new Map<string, OnnxNode>()
  private readonly constants: Map<string, Constant>

  constructor({ nodes, constants }: OnnxModel) {
    this.constants = new Map(constants)
    for (const node of nodes) {
      const told = node.op === 'Constant' ? node.attributes.tensor('value') : undefined
      if (node.why !== undefined) continue
      for (const name of node.outputs) this.makers.set(name, node)
      if (told && node.outputs[0] !== undefined) this.constants.set(node.outputs[0], told)
    }
  }

  /** The node that makes a value, where it is this operator. */
  made(name: string | undefined, op: string): OnnxNode | undefined {
    const node = name === undefined ? undefined : this.makers.get(name)
    return node?.op === op ? node : undefined
  }

  constant(name: string | undefined): Constant | undefined {
    return name ? this.constants.get(name) : undefined
  }

  /** A constant of one number. */
  number(name: string | undefined): number | undefined {
    const constant = this.constant(name)
    if (constant?.length !== 1 || constant.isNoNumber === true) return undefined
    return constant.integers()?.[0] ?? constant.floats()[0]
  }

  isNumber(name: string | undefined, wanted: number): boolean {
    const found = this.number(name)
    return found !== undefined && Math.abs(found - wanted) <= 1e-4 * Math.abs(wanted)
  }

  /** Of two inputs, the one that is no number, with that number. */
  withNumber({ inputs }: OnnxNode): { readonly name: string; readonly number: number } | undefined {
    for (const at of [0, 1]) {
      const number = inputs.length === 2 ? this.number(inputs[1 - at]) : undefined
      if (number !== undefined) return { name: inputs[at]!, number }
    }
    return undefined
  }

  /** What a product is made of: its numbers as one, and the others. */
  factors(node: OnnxNode, most = 4): { readonly number: number; readonly names: readonly string[] } {
    let number = 1
    const names: string[] = []
    const waiting = [...node.inputs]
    while (waiting.length > 0) {
      const name = waiting.pop()!
      const value = this.number(name)
      const product = this.made(name, 'Mul')
      if (value !== undefined) number *= value
      // A product behind another is opened while it is small.
      else if (product && names.length + waiting.length < most) waiting.push(...product.inputs)
      else names.push(name)
    }
    return { number, names }
  }

  /** What stands under a root. */
  underRoot(name: string | undefined): string | undefined {
    const power = this.made(name, 'Pow')
    if (power && this.isNumber(power.inputs[1], 0.5)) return power.inputs[0]
    return this.made(name, 'Sqrt')?.inputs[0]
  }

  /** What stands under the root of a value that is one over it. */
  underInverseRoot(name: string | undefined): string | undefined {
    const power = this.made(name, 'Pow')
    if (power && this.isNumber(power.inputs[1], -0.5)) return power.inputs[0]
    const inverse = this.made(name, 'Reciprocal')
    if (inverse) return this.underRoot(inverse.inputs[0])
    const quotient = this.made(name, 'Div')
    return quotient && this.isNumber(quotient.inputs[0], 1) ? this.underRoot(quotient.inputs[1]) : undefined
  }

  /** What is multiplied with itself. */
  squared(name: string | undefined): string | undefined {
    const power = this.made(name, 'Pow')
    if (power && this.isNumber(power.inputs[1], 2)) return power.inputs[0]
    const product = this.made(name, 'Mul')
    return product && product.inputs[0] === product.inputs[1] ? product.inputs[0] : undefined
  }

  /** A mean over one axis that stays, with the axis. */
  mean(name: string | undefined): { readonly of: string; readonly axis: number } | undefined {
    const node = this.made(name, 'ReduceMean')
    const axes = node && (node.attributes.ints('axes') ?? this.constant(node.inputs[1])?.integers())
    if (!node || axes?.length !== 1 || node.attributes.int('keepdims', 1) !== 1) return undefined
    return { of: node.inputs[0]!, axis: axes[0]! }
  }
}
