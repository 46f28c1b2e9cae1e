import type { Converter } from './converter'
import { axisOf, told } from './turned'
import type { Axes } from './axes'

/** Operators whose value has the axes of what enters. */
const KEEPING = new Set([
  ...[
    'Identity',
    'Cast',
    'Relu',
    'LeakyRelu',
    'Elu',
    'Gelu',
    'Swish',
    'Sigmoid',
    'HardSigmoid',
    'HardSwish',
    'Tanh',
    'Abs',
    'Clip',
    'Dropout',
  ],
  ...['BatchNormalization', 'Mul', 'Div', 'Add', 'Softmax', 'LogSoftmax'],
])
const OF_IMAGES = new Set(['Conv', 'GlobalAveragePool', 'GlobalLpPool', 'AveragePool', 'MaxPool'])
const MOST_STEPS = 1000

/**
 * How many axes a value has in its file; here a row is one with the sides of one pixel and without them, and so is an image as it will be flattened.
 *
 * @returns undefined where that cannot be told of what makes it.
 */
function rankOf(c: Converter, name: string | undefined): number | undefined {
  let at = name
  for (let steps = 0; at !== undefined && steps < MOST_STEPS; steps++) {
    const node = c.maker(at)
    if (!node) return undefined
    if (node.shape) return node.shape.length
    if (OF_IMAGES.has(node.op)) return 4
    if (node.op === 'Flatten' || node.op === 'Gemm') return 2
    if (node.op === 'Reshape') return told(node, c, 'shape', 1)?.length
    if (node.op === 'ReduceMean' && node.attributes.int('keepdims', 1) === 1) return 4
    if (!KEEPING.has(node.op)) return undefined
    at = node.inputs.find((one) => c.known(one))
  }
  return undefined
}

/** The axes of a value as its file has them: a row that is an image of one pixel there with its sides. Undefined where they are not known. */
export function axesInFile(c: Converter, name: string | undefined): Axes | undefined {
  const axes = c.view(name)?.axes
  if (!axes || (name !== undefined && 'axes' in c.value(name))) return axes
  const rank = rankOf(c, name) ?? axes.length
  if (rank < axes.length) return rank === 2 ? [axes[0]!, axes.slice(1).flat()] : undefined
  return [...axes, ...Array.from({ length: rank - axes.length }, () => [])]
}

/** Whether an axis is that of the features of rows. */
export function isOfFeatures(axes: Axes, axis: number): boolean {
  const at = axisOf(axis, axes.length)
  return (
    at !== undefined &&
    axes[at]!.some(({ size }) => size > 1) &&
    axes.every((own, other) => own.every(({ of }) => of === (other === at ? 2 : 'batch')))
  )
}
