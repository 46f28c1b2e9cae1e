/** Layers at work: every kind with the attributes and sizes at which its rules could go wrong. Shapes are without the batch. */
export interface OpCase {
  readonly kind: string
  readonly attributes?: Readonly<Record<string, unknown>>
  readonly inputs: readonly (readonly number[])[]
  /** Keep the entries of the inputs so far from 0 (relu) or from one another (max), or give so large biases of both signs, that no difference crosses a kink; or in the middles of steps of a half (ends that are multiples of it). */
  readonly kink?: 'zero' | 'ties' | 'bias' | 'ends'
}

const image = [6, 5, 3]

export const opCases: readonly OpCase[] = [
  { kind: 'input', attributes: { height: 4, width: 3, channels: 2 }, inputs: [] },

  { kind: 'conv2d', attributes: { filters: 4 }, inputs: [image] },
  { kind: 'conv2d', attributes: { filters: 2, bias: true }, inputs: [image] },
  { kind: 'conv2d', attributes: { filters: 4, stride: 2 }, inputs: [image] },
  { kind: 'conv2d', attributes: { filters: 4, stride: 2 }, inputs: [[7, 7, 2]] },
  { kind: 'conv2d', attributes: { filters: 2, stride: 3, bias: true }, inputs: [[7, 8, 2]] },
  { kind: 'conv2d', attributes: { filters: 3, padding: 'valid' }, inputs: [image] },
  { kind: 'conv2d', attributes: { filters: 3, padding: 'symmetric', stride: 2 }, inputs: [[6, 6, 2]] },
  {
    kind: 'conv2d',
    attributes: { filters: 4, padding: 'symmetric', stride: 3, size: 5, groups: 2, bias: true },
    inputs: [[7, 6, 2]],
  },
  { kind: 'conv2d', attributes: { filters: 2, padding: 'symmetric', size: 1, stride: 2 }, inputs: [[6, 6, 2]] },
  { kind: 'conv2d', attributes: { filters: 3, stride: 2, padding: 'valid', bias: true }, inputs: [[7, 6, 2]] },
  { kind: 'conv2d', attributes: { filters: 5, size: 1 }, inputs: [image] },
  { kind: 'conv2d', attributes: { filters: 6, size: 1, stride: 2 }, inputs: [image] },
  { kind: 'conv2d', attributes: { filters: 2, size: 1, stride: 2, padding: 'valid' }, inputs: [[6, 6, 2]] },
  { kind: 'conv2d', attributes: { filters: 2, size: 2 }, inputs: [[5, 4, 2]] },
  { kind: 'conv2d', attributes: { filters: 2, size: 5, stride: 2 }, inputs: [[6, 5, 2]] },
  { kind: 'conv2d', attributes: { filters: 2, size: 7 }, inputs: [[3, 4, 1]] },
  { kind: 'conv2d', attributes: { filters: 2, size: 4, padding: 'valid' }, inputs: [[4, 4, 2]] },
  { kind: 'conv2d', attributes: { filters: 1, stride: 4 }, inputs: [[2, 3, 2]] },

  { kind: 'conv2d', attributes: { filters: 3, dilation: 2 }, inputs: [image] },
  { kind: 'conv2d', attributes: { filters: 2, dilation: 2, padding: 'symmetric', stride: 2 }, inputs: [[7, 6, 2]] },
  { kind: 'conv2d', attributes: { filters: 4, dilation: 3, padding: 'explicit', zeros: 2, groups: 2, bias: true }, inputs: [[6, 7, 4]] }, // prettier-ignore
  { kind: 'conv2d', attributes: { filters: 2, dilation: 2, stride: 3, size: 2, padding: 'valid' }, inputs: [[7, 8, 2]] },
  { kind: 'conv2d', attributes: { filters: 2, dilation: 3, stride: 2 }, inputs: [[5, 4, 2]] },
  { kind: 'conv2d', attributes: { filters: 2, dilation: 4, size: 1, stride: 2 }, inputs: [[5, 4, 2]] },
  { kind: 'conv2d', attributes: { filters: 2, padding: 'explicit', zeros: 3, stride: 2 }, inputs: [[4, 5, 2]] },

  { kind: 'batch-norm', inputs: [[4, 3, 3]] },
  { kind: 'batch-norm', inputs: [[3, 3, 4]] },
  { kind: 'batch-norm', attributes: { epsilon: 0.1, momentum: 0.5 }, inputs: [[2, 2, 5]] },
  { kind: 'batch-norm', inputs: [[1, 4, 1]] },
  { kind: 'batch-norm', inputs: [[5]] },
  { kind: 'batch-norm', attributes: { epsilon: 0.1 }, inputs: [[8]] },

  { kind: 'conv2d', attributes: { filters: 6, groups: 2 }, inputs: [[5, 4, 4]] },
  { kind: 'conv2d', attributes: { filters: 3, groups: 3, stride: 2, bias: true }, inputs: [[5, 6, 6]] },
  { kind: 'conv2d', attributes: { filters: 4, groups: 4, size: 1, stride: 2 }, inputs: [[4, 4, 4]] },

  { kind: 'depthwise-conv2d', inputs: [image] },
  { kind: 'depthwise-conv2d', attributes: { multiplier: 2, bias: true }, inputs: [[5, 4, 2]] },
  { kind: 'depthwise-conv2d', attributes: { stride: 2 }, inputs: [[6, 6, 3]] },
  { kind: 'depthwise-conv2d', attributes: { stride: 2, padding: 'valid', multiplier: 3 }, inputs: [[7, 7, 2]] },
  { kind: 'depthwise-conv2d', attributes: { stride: 2, padding: 'symmetric', multiplier: 2 }, inputs: [[6, 6, 2]] },
  { kind: 'depthwise-conv2d', attributes: { stride: 2, padding: 'explicit', zeros: 2 }, inputs: [[5, 6, 2]] },
  { kind: 'depthwise-conv2d', attributes: { size: 5 }, inputs: [[4, 5, 2]] },
  { kind: 'depthwise-conv2d', attributes: { size: 1, stride: 2 }, inputs: [[5, 5, 2]] },

  { kind: 'ws-conv2d', attributes: { filters: 4 }, inputs: [image] },
  { kind: 'ws-conv2d', attributes: { filters: 4, groups: 2, stride: 2, bias: true, epsilon: 0.1 }, inputs: [[6, 5, 4]] },
  { kind: 'ws-conv2d', attributes: { filters: 3, size: 1, padding: 'symmetric' }, inputs: [[4, 4, 5]] },

  { kind: 'orthogonal-conv2d', attributes: { filters: 3 }, inputs: [[4, 5, 3]] },
  { kind: 'orthogonal-conv2d', attributes: { filters: 6, bias: true }, inputs: [[4, 3, 3]] },
  { kind: 'orthogonal-conv2d', attributes: { filters: 4, stride: 2, bias: true }, inputs: [[4, 4, 3]] },
  { kind: 'orthogonal-conv2d', attributes: { filters: 2, size: 1 }, inputs: [[3, 3, 4]] },

  { kind: 'skew-conv2d', attributes: { filters: 3 }, inputs: [[4, 5, 3]] },
  { kind: 'skew-conv2d', attributes: { filters: 4, terms: 5, bias: true }, inputs: [[4, 3, 2]] },
  { kind: 'skew-conv2d', attributes: { filters: 2, size: 1, terms: 3 }, inputs: [[3, 3, 3]] },

  { kind: 'reflection-conv2d', attributes: { filters: 2, bias: true }, inputs: [[4, 3, 2]], kink: 'bias' },
  { kind: 'reflection-conv2d', attributes: { filters: 3, size: 1, bias: true }, inputs: [[2, 3, 4]], kink: 'bias' },

  { kind: 'scale', inputs: [image] },
  { kind: 'scale', attributes: { value: 0.3, learned: false }, inputs: [[7]] },
  { kind: 'shift', inputs: [image] },
  { kind: 'shift', inputs: [[5]] },

  { kind: 'group-norm', attributes: { groups: 2 }, inputs: [[3, 4, 6]] },
  { kind: 'group-norm', attributes: { groups: 3, epsilon: 0.1 }, inputs: [[2, 3, 3]] },
  { kind: 'group-norm', attributes: { groups: 2, epsilon: 0.1 }, inputs: [[8]] },
  { kind: 'layer-norm', inputs: [[3, 2, 3]] },
  { kind: 'layer-norm', inputs: [[6]] },
  { kind: 'layer-norm', attributes: { over: 'channels' }, inputs: [[3, 2, 5]] },
  { kind: 'layer-norm', attributes: { over: 'channels', epsilon: 0.1 }, inputs: [[6]] },
  { kind: 'rms-norm', inputs: [[3, 2, 5]] },
  { kind: 'rms-norm', attributes: { epsilon: 0.1 }, inputs: [[6]] },

  { kind: 'attention', attributes: { heads: 2 }, inputs: [[2, 3, 4], [2, 3, 4], [2, 3, 4]] }, // prettier-ignore
  { kind: 'attention', attributes: { heads: 3 }, inputs: [[2, 2, 3], [2, 2, 3], [2, 2, 6]] }, // prettier-ignore
  { kind: 'attention', attributes: { heads: 1 }, inputs: [[1, 1, 2], [1, 1, 2], [1, 1, 3]] }, // prettier-ignore
  { kind: 'position', inputs: [image] },
  { kind: 'class-token', inputs: [[2, 3, 4]] },
  { kind: 'class-token', attributes: { tokens: 2 }, inputs: [[1, 1, 2]] },
  { kind: 'token', inputs: [[2, 3, 4]] },
  { kind: 'token', attributes: { place: 4 }, inputs: [[2, 3, 4]] },

  { kind: 'leaky-relu', inputs: [image], kink: 'zero' },
  { kind: 'leaky-relu', attributes: { slope: 0.3 }, inputs: [[7]], kink: 'zero' },
  { kind: 'abs', inputs: [image], kink: 'zero' },
  { kind: 'abs', inputs: [[7]], kink: 'zero' },
  { kind: 'elu', inputs: [image], kink: 'zero' },
  { kind: 'gelu', inputs: [image] },
  { kind: 'swish', inputs: [image] },
  { kind: 'clipped-relu', attributes: { most: 1.5 }, inputs: [image], kink: 'ends' },
  { kind: 'clipped-relu', inputs: [[7]], kink: 'ends' },
  { kind: 'sigmoid', inputs: [image] },
  { kind: 'sigmoid', inputs: [[7]] },
  { kind: 'hard-sigmoid', inputs: [image], kink: 'ends' },
  { kind: 'hard-sigmoid', inputs: [[7]], kink: 'ends' },
  { kind: 'hard-swish', inputs: [image], kink: 'ends' },
  { kind: 'hard-swish', inputs: [[7]], kink: 'ends' },
  { kind: 'tanh', inputs: [image] },
  { kind: 'tanh', inputs: [[7]] },

  { kind: 'dropout', inputs: [image] },
  { kind: 'dropout', attributes: { rate: 0.2 }, inputs: [[9]] },
  { kind: 'dropout', attributes: { rate: 0 }, inputs: [[4]] },

  { kind: 'relu', inputs: [image], kink: 'zero' },
  { kind: 'relu', inputs: [[7]], kink: 'zero' },

  { kind: 'add', inputs: [image, image] },
  { kind: 'add', inputs: [[2, 3, 2], [2, 3, 2], [2, 3, 2]] }, // prettier-ignore
  { kind: 'add', inputs: [[5], [5]] },

  { kind: 'multiply', inputs: [image, image] },
  { kind: 'multiply', inputs: [image, [3]] },
  { kind: 'multiply', inputs: [[1, 1, 4], [3, 2, 4]] }, // prettier-ignore
  { kind: 'multiply', inputs: [image, [6, 5, 1]] },
  { kind: 'multiply', inputs: [[5], [5]] },

  { kind: 'concatenate', inputs: [image, [6, 5, 1]] },
  { kind: 'concatenate', inputs: [[2, 3, 1], [2, 3, 4], [2, 3, 2]] }, // prettier-ignore

  { kind: 'channels', attributes: { count: 2 }, inputs: [image] },
  { kind: 'channels', attributes: { first: 1, count: 3 }, inputs: [[2, 3, 5]] },

  { kind: 'average-pool', inputs: [[6, 4, 3]] },
  { kind: 'average-pool', inputs: [[5, 7, 2]] },
  { kind: 'average-pool', attributes: { padding: 'same' }, inputs: [[5, 7, 2]] },
  { kind: 'average-pool', attributes: { size: 3, stride: 1, padding: 'same' }, inputs: [[4, 5, 2]] },
  { kind: 'average-pool', attributes: { size: 3, stride: 2, padding: 'same' }, inputs: [[6, 5, 2]] },
  { kind: 'average-pool', attributes: { size: 3, stride: 2 }, inputs: [[6, 7, 2]] },
  { kind: 'average-pool', attributes: { size: 2, stride: 3 }, inputs: [[8, 8, 1]] },
  { kind: 'average-pool', attributes: { size: 3, stride: 2, padding: 'symmetric' }, inputs: [[6, 5, 2]] },
  { kind: 'average-pool', attributes: { size: 4, stride: 2, padding: 'explicit', zeros: 1 }, inputs: [[5, 6, 2]] },

  { kind: 'max-pool', inputs: [[6, 4, 3]], kink: 'ties' },
  { kind: 'max-pool', inputs: [[5, 7, 2]], kink: 'ties' },
  { kind: 'max-pool', attributes: { padding: 'same' }, inputs: [[5, 7, 2]], kink: 'ties' },
  { kind: 'max-pool', attributes: { size: 3, stride: 2, padding: 'same' }, inputs: [[6, 5, 2]], kink: 'ties' },
  { kind: 'max-pool', attributes: { size: 3, stride: 1 }, inputs: [[5, 4, 2]], kink: 'ties' },
  { kind: 'max-pool', attributes: { size: 3, stride: 1, padding: 'same' }, inputs: [[4, 4, 1]], kink: 'ties' },
  { kind: 'max-pool', attributes: { size: 3, stride: 2, padding: 'symmetric' }, inputs: [[6, 5, 2]], kink: 'ties' },
  { kind: 'max-pool', attributes: { size: 4, stride: 3, padding: 'explicit', zeros: 1 }, inputs: [[5, 6, 2]], kink: 'ties' },

  { kind: 'global-average-pool', inputs: [image] },
  { kind: 'global-average-pool', inputs: [[1, 1, 4]] },

  { kind: 'l2-pool', inputs: [[6, 4, 3]] },
  { kind: 'l2-pool', attributes: { size: 3 }, inputs: [[6, 3, 2]] },
  { kind: 'l2-pool', attributes: { size: 1 }, inputs: [[3, 3, 2]], kink: 'zero' },

  { kind: 'global-l2-pool', inputs: [image] },
  { kind: 'global-l2-pool', inputs: [[1, 1, 4]], kink: 'zero' },

  { kind: 'duplicate', inputs: [image] },
  { kind: 'duplicate', attributes: { times: 3 }, inputs: [[2, 3, 2]] },
  { kind: 'duplicate', attributes: { times: 1 }, inputs: [[2, 3, 2]] },

  { kind: 'padding-shortcut', attributes: { filters: 6 }, inputs: [[6, 4, 3]] },
  { kind: 'padding-shortcut', attributes: { filters: 5 }, inputs: [[5, 7, 2]] },
  { kind: 'padding-shortcut', attributes: { filters: 5, stride: 1 }, inputs: [image] },
  { kind: 'padding-shortcut', attributes: { filters: 7, side: 'both' }, inputs: [[6, 4, 2]] },
  { kind: 'padding-shortcut', attributes: { filters: 3, stride: 3 }, inputs: [[7, 5, 3]] },
  { kind: 'padding-shortcut', attributes: { filters: 3, stride: 1 }, inputs: [image] },

  { kind: 'dense', attributes: { units: 4 }, inputs: [[7]] },
  { kind: 'dense', attributes: { units: 4, bias: false }, inputs: [[7]] },
  { kind: 'dense', attributes: { units: 3 }, inputs: [[3, 2, 4]] },

  { kind: 'softmax-cross-entropy', inputs: [[5]] },
  { kind: 'softmax-cross-entropy', inputs: [[2]] },
]

/** `conv2d 6×5×3, filters 4, stride 2`. */
export function titleOf({ kind, attributes = {}, inputs }: OpCase): string {
  const settings = Object.entries(attributes).map(([name, value]) => `, ${name} ${String(value)}`)
  return [kind, inputs.map((shape) => shape.join('×')).join(' and ')].filter(Boolean).join(' ') + settings.join('')
}
