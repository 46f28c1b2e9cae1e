import type { LayerKind, Role } from './layers'
import type { WeightFile } from './file'

/** Tensors of a file that belong together by their names: `layer1.0.bn1.weight`, `.bias`, `.running_mean`, `.running_var`. */
export interface FileModule {
  /** `layer1.0.bn1`. */
  readonly name: string
  readonly kind: LayerKind
  readonly tensors: ReadonlyMap<Role, { readonly name: string; readonly shape: readonly number[] }>
}

/** What the last part of a name says, in PyTorch, Keras and here. */
const WORDS: Readonly<Record<string, Role | 'weight'>> = {
  weight: 'weight',
  w: 'weight',
  kernel: 'kernel',
  filters: 'kernel',
  depthwise_kernel: 'kernel',
  bias: 'bias',
  b: 'bias',
  gamma: 'scale',
  scale: 'scale',
  beta: 'shift',
  shift: 'shift',
  offset: 'shift',
  running_mean: 'mean',
  moving_mean: 'mean',
  mean: 'mean',
  running_var: 'variance',
  moving_variance: 'variance',
  moving_var: 'variance',
  variance: 'variance',
  var: 'variance',
}

/** @returns modules in the file's order, and the tensors that belong to none. */
export function modulesOf(file: WeightFile): { readonly modules: FileModule[]; readonly others: string[] } {
  const grouped = new Map<string, Map<Role | 'weight', { name: string; shape: readonly number[] }>>()
  const others: string[] = []
  for (const { name, shape } of file.tensors) {
    const [, parent = '', last = ''] = /^(?:(.*)[./])?([^./]+)$/.exec(name.replace(/:\d+$/, '')) ?? []
    const word = last.toLowerCase()
    const role = Object.prototype.hasOwnProperty.call(WORDS, word) ? WORDS[word]! : undefined
    const group = grouped.get(parent) ?? new Map<Role | 'weight', { name: string; shape: readonly number[] }>()
    if (role === undefined || group.has(role)) others.push(name)
    else grouped.set(parent, group.set(role, { name, shape }))
  }
  const modules: FileModule[] = []
  for (const [name, group] of grouped) {
    const found = moduleOf(name, group)
    if (found) modules.push(found)
    else others.push(...[...group.values()].map((tensor) => tensor.name))
  }
  return { modules, others }
}

function moduleOf(
  name: string,
  group: ReadonlyMap<Role | 'weight', { readonly name: string; readonly shape: readonly number[] }>,
): FileModule | undefined {
  const weight = group.get('weight') ?? group.get('kernel') ?? group.get('scale')
  if (!weight) return undefined
  const rank = weight.shape.length
  if (rank !== 1 && rank !== 2 && rank !== 4) return undefined
  const kind = rank === 1 ? 'norm' : rank === 2 ? 'dense' : 'convolution'
  const tensors = new Map<Role, { readonly name: string; readonly shape: readonly number[] }>()
  for (const [role, tensor] of group) {
    if (role === 'weight') tensors.set(kind === 'norm' ? 'scale' : 'kernel', tensor)
    else tensors.set(kind === 'norm' && role === 'bias' ? 'shift' : role, tensor)
  }
  return { name, kind, tensors }
}
