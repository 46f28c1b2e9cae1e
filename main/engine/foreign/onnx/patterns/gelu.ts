import type { OnnxNode } from '../../../../formats/onnx/model'
import type { Graph } from './graph'

/** x·Φ(x) as x·½·(1 + erf(x/√2)), in any order of its factors; or by tanh (Hendrycks & Gimpel 2016). */
export function gelu(node: OnnxNode, g: Graph): { readonly x: string; readonly isTanh: boolean } | undefined {
  if (node.op !== 'Mul') return undefined
  const { number, names } = g.factors(node)
  if (names.length !== 2 || Math.abs(number - 0.5) > 1e-6) return undefined
  for (const [x, other] of [names, [...names].reverse()] as [string, string][]) {
    const sum = g.made(other, 'Add')
    const added = sum && g.withNumber(sum)
    if (added?.number !== 1) continue
    const erf = g.made(added.name, 'Erf')
    if (erf && isOverRootOfTwo(erf.inputs[0], x, g)) return { x, isTanh: false }
    const tanh = g.made(added.name, 'Tanh')
    if (tanh && isCubic(tanh.inputs[0], x, g)) return { x, isTanh: true }
  }
  return undefined
}

function isOverRootOfTwo(name: string | undefined, x: string, g: Graph): boolean {
  const quotient = g.made(name, 'Div')
  if (quotient) return quotient.inputs[0] === x && g.isNumber(quotient.inputs[1], Math.SQRT2)
  const product = g.made(name, 'Mul')
  const part = product && g.withNumber(product)
  return part?.name === x && Math.abs(part.number - Math.SQRT1_2) < 1e-4
}

/** √(2/π)·(x + 0.044715·x³) */
function isCubic(name: string | undefined, x: string, g: Graph): boolean {
  const product = g.made(name, 'Mul')
  const part = product && g.withNumber(product)
  const sum = part && Math.abs(part.number - Math.sqrt(2 / Math.PI)) < 1e-4 ? g.made(part.name, 'Add') : undefined
  const cubic = sum?.inputs.find((one) => one !== x)
  const factors = g.made(cubic, 'Mul')
  if (!sum?.inputs.includes(x) || !factors) return false
  const { number, names } = g.factors(factors)
  const power = g.made(names[0], 'Pow')
  const isCube =
    names.length === 1
      ? power?.inputs[0] === x && g.isNumber(power.inputs[1], 3)
      : names.length === 3 && names.every((one) => one === x)
  return isCube && Math.abs(number - 0.044715) < 1e-5
}
