import type { OnnxNode } from '../../../../formats/onnx/model'
import type { Graph } from './graph'

export interface FoundNorm {
  readonly x: string
  readonly isCentred: boolean
  readonly axis: number
  readonly epsilon: number
}

/** A value over the root of its mean square and ε along an axis: an RMS norm, or a layer norm where its mean is taken from it before. */
export function normAlongAxis(node: OnnxNode, g: Graph): FoundNorm | undefined {
  const [first, second] = node.inputs
  const candidates: (readonly [string | undefined, string | undefined])[] =
    node.op === 'Div'
      ? [[first, g.underRoot(second)]]
      : node.op === 'Mul'
        ? [
            [first, g.underInverseRoot(second)],
            [second, g.underInverseRoot(first)],
          ]
        : []
  for (const [above, under] of candidates) {
    const sum = g.made(under, 'Add')
    const added = sum && g.withNumber(sum)
    const mean = g.mean(added?.name)
    const squared = g.squared(mean?.of)
    if (above === undefined || !added || !mean || !isSame(squared, above, g)) continue
    const found = { axis: mean.axis, epsilon: added.number }
    const centred = centredOf(above, g)
    if (centred === undefined) return { ...found, x: above, isCentred: false }
    if (centred.axis === mean.axis) return { ...found, x: centred.x, isCentred: true }
  }
  return undefined
}

function centredOf(name: string, g: Graph): { readonly x: string; readonly axis: number } | undefined {
  const difference = g.made(name, 'Sub')
  const mean = g.mean(difference?.inputs[1])
  return difference && mean && mean.of === difference.inputs[0] ? { x: mean.of, axis: mean.axis } : undefined
}

/** One value, or the same difference from a mean worked out twice. */
function isSame(a: string | undefined, b: string, g: Graph): boolean {
  if (a === undefined || a === b) return a === b
  const [one, other] = [centredOf(a, g), centredOf(b, g)]
  return one !== undefined && one.x === other?.x && one.axis === other.axis
}
