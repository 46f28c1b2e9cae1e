import type { NetworkDocument } from '../../../shared/architecture'
import { ops } from '../../../shared/ops'
import type { Shape } from '../../../shared/ops/op'
import { Random } from '../../../shared/random'

interface Value {
  readonly id: string
  readonly shape: Shape
}

/**
 * A small valid network that a seed decides: 3 to 12 layers of all kinds, each fed by any value made before (so that values meet,
 * part and are used several times); what is left over is joined before the dense layer.
 */
export function randomNetwork(seed: number): NetworkDocument {
  const random = new Random(seed)
  const between = (least: number, most: number): number => least + random.integer(most - least + 1)
  const pick = <T>(from: readonly T[]): T => from[random.integer(from.length)]!
  const nodes: NetworkDocument['nodes'] = []
  const values: Value[] = []
  const vectors: Value[] = []
  const unused = new Set<string>()
  const place = (kind: string, inputs: readonly Value[], attributes: Record<string, unknown> = {}): Value => {
    const op = ops.get(kind)!
    const shape = op.shape(inputs.map((input) => input.shape), op.attributes.parse(attributes)) // prettier-ignore
    const value = { id: `${kind}_${nodes.length}`, shape }
    nodes.push({ id: value.id, kind, attributes, inputs: inputs.map(({ id }) => id) })
    inputs.forEach(({ id }) => unused.delete(id))
    unused.add(value.id)
    values.push(value)
    return value
  }
  const padding = (): 'same' | 'valid' => pick(['same', 'valid'])
  const grow: Record<string, (x: Value) => void> = {
    conv2d: (x) => place('conv2d', [x], { filters: between(1, 6), size: between(1, 4), stride: between(1, 3), padding: padding(), bias: random.integer(2) === 0 }), // prettier-ignore
    grouped: (x) => place('conv2d', [x], { filters: 2 * x.shape[2]!, size: 3, groups: x.shape[2]! }),
    'depthwise-conv2d': (x) => place('depthwise-conv2d', [x], { multiplier: between(1, 2), size: between(1, 3), stride: between(1, 2), padding: padding() }), // prettier-ignore
    'batch-norm': (x) => place('batch-norm', [x]),
    'group-norm': (x) => place('group-norm', [x], { groups: pick([1, x.shape[2]!]) }),
    'layer-norm': (x) => place('layer-norm', [x]),
    places(x) {
      // Of one or two channels a norm is all but a sign.
      if (x.shape[2]! < 4) throw new Error('too few channels')
      if (random.integer(2)) place('rms-norm', [x])
      else place('layer-norm', [x], { over: 'channels' })
    },
    attention: (x) => place('attention', [x, x, x], { heads: pick([1, x.shape[2]!]) }),
    position: (x) => place('position', [x]),
    standardised: (x) => place('ws-conv2d', [x], { filters: between(1, 6), size: between(2, 3) }),
    orthogonal: (x) => place('orthogonal-conv2d', [x], { filters: between(1, 6), size: between(1, 3), stride: between(1, 2) }),
    skew: (x) => place('skew-conv2d', [x], { filters: between(1, 6), size: pick([1, 3]), terms: between(1, 4) }),
    numbers: (x) => place(pick(['scale', 'shift']), [x]),
    reflections: (x) => place('reflection-conv2d', [x], { filters: between(1, x.shape[2]!), size: between(1, 3), bias: random.integer(2) === 0 }), // prettier-ignore
    channels(x) {
      const first = random.integer(x.shape[2]!)
      place('channels', [x], { first, count: between(1, x.shape[2]! - first) })
    },
    'class-token': (x) => place('class-token', [x]),
    token(x) {
      // It is a vector: what else there is takes images, but the dense layers at the end.
      vectors.push(place('token', [x]))
      values.pop()
    },
    smooth: (x) => place(pick(['gelu', 'swish', 'tanh', 'sigmoid']), [x]),
    kinked: (x) => place(pick(['leaky-relu', 'elu', 'abs', 'clipped-relu', 'hard-sigmoid', 'hard-swish']), [x]),
    dropout: (x) => place('dropout', [x], { rate: pick([0.2, 0.5]) }),
    relu: (x) => place('relu', [x]),
    add: (x) => {
      const same = values.filter(({ shape }) => shape.join() === x.shape.join())
      place('add', [x, pick(same), ...(random.integer(2) ? [pick(same)] : [])])
    },
    gated: (x) => {
      const pooled = place('global-average-pool', [x])
      const gate = place('sigmoid', [place('dense', [pooled], { units: x.shape[2]! })])
      // Vectors go on to the dense layers at the end alone.
      values.splice(-3, 3)
      place('multiply', random.integer(2) ? [x, gate] : [gate, x])
    },
    concatenate: (x) => place('concatenate', [x, pick(values.filter(({ shape }) => shape[0] === x.shape[0] && shape[1] === x.shape[1]))]), // prettier-ignore
    'average-pool': (x) => place('average-pool', [x], { size: between(1, 3), stride: between(1, 3), padding: padding() }),
    'max-pool': (x) => place('max-pool', [x], { size: between(1, 3), stride: between(1, 3), padding: padding() }),
    'l2-pool': (x) => place('l2-pool', [x], { size: between(1, 3) }),
    duplicate: (x) => place('duplicate', [x], { times: between(1, 3) }),
    'padding-shortcut': (x) => place('padding-shortcut', [x], { filters: x.shape[2]! + between(0, 3), stride: between(1, 3) }),
  }
  place('input', [], { height: between(4, 10), width: between(4, 10), channels: between(1, 4) })
  for (let wanted = between(3, 12); nodes.length < wanted;) {
    const x = pick(values)
    // A window larger than its image, or one that does not divide it, is not valid: another layer then.
    try {
      if (x.shape[2]! <= 24) grow[pick(Object.keys(grow))]!(x)
    } catch {
      wanted--
    }
  }
  const loose = values.filter(({ id }) => unused.has(id))
  const pooled = loose.map((x) => (random.integer(3) === 0 ? x : place(pick(['global-average-pool', 'global-l2-pool']), [x])))
  const features = [...pooled, ...vectors]
  const logits = features.map((x) => place('dense', [x], { units: 3, bias: random.integer(2) === 0 }))
  place('softmax-cross-entropy', [logits.length > 1 ? place('add', logits) : logits[0]!])
  return { format: 'normlab/network', version: 1, name: `random ${seed}`, nodes }
}
