import type { ExpandedNetwork } from '../../../shared/architecture'
import type { WeightFile } from './file'
import { type Wanted, type WantedLayer, wantedLayers } from './layers'
import { type FileModule, modulesOf } from './modules'

/** Whether kernels have PyTorch's axes or the network's. */
export type AxisOrder = 'torch' | 'own'

/** Which tensor of a file is proposed for which of a network. */
export interface Proposal {
  readonly order: AxisOrder
  /** The network's name to the file's. */
  readonly tensors: ReadonlyMap<string, string>
  readonly doubts: readonly string[]
}

/** Names that are told in a doubt. */
const TOLD = 4

/**
 * Proposes by order, shape and name: layers and modules of the same kind and shapes belong together one by one, in their orders. That
 * leaves no doubt where the orders of all agree, or those of each kind, and numbers in the names rise with them.
 */
export function propose(network: ExpandedNetwork, file: WeightFile): Proposal {
  return proposeFor(wantedLayers(network), file)
}

/** The same for some of a network's layers. */
export function proposeFor(layers: readonly WantedLayer[], file: WeightFile): Proposal {
  const { modules: written } = modulesOf(file)
  const order = axisOrder(layers, written, file)
  const wanted = layers.map((layer) => signatureOf(layer, order))
  // Where the file is in another order than the network, that of its names may be the one: layer1.0, layer1.1, layer2.0.
  const named = [...written].sort((a, b) => BY_NUMBERS.compare(a.name, b.name))
  const isByName = differingKinds(wanted, written).length > 0 && differingKinds(wanted, named).length === 0
  const modules = isByName ? named : written
  const given = modules.map(signatureOfModule)
  const tensors = new Map<string, string>()
  const places = new Map<string, number[]>()
  given.forEach((signature, i) => places.set(signature, [...(places.get(signature) ?? []), i]))
  const pairs: [WantedLayer, FileModule][] = []
  const next = new Map<string, number>()
  layers.forEach((layer, i) => {
    const signature = wanted[i]!
    const at = next.get(signature) ?? 0
    const found = places.get(signature)?.[at]
    if (found === undefined) return
    next.set(signature, at + 1)
    pairs.push([layer, modules[found]!])
  })
  for (const [layer, module] of pairs)
    for (const { name, role } of layer.tensors) {
      const source = module.tensors.get(role)
      if (source) tensors.set(name, source.name)
    }
  const doubts = isByName
    ? ['its tensors lie in another order than the network’s layers, so they are taken in that of their names']
    : doubtsOf(layers, modules, wanted, given, file.isTorch === true)
  return { order, tensors, doubts }
}

/** Numbers in names by their value. */
const BY_NUMBERS = new Intl.Collator('en', { numeric: true })

const KINDS = ['convolution', 'dense', 'norm'] as const

/** Of which kinds the modules are others than are wanted, or in another order. */
function differingKinds(wanted: readonly string[], modules: readonly FileModule[]): string[] {
  const given = modules.map(signatureOfModule)
  const ofKind = (signatures: readonly string[], kind: string): string =>
    signatures.filter((signature) => signature.startsWith(`${kind} `)).join()
  return KINDS.filter((kind) => ofKind(wanted, kind) !== ofKind(given, kind))
}

/** PyTorch's in its own files; elsewhere whichever more layers fit, and what kernels are called where both do. */
function axisOrder(layers: readonly WantedLayer[], modules: readonly FileModule[], file: WeightFile): AxisOrder {
  if (file.isTorch) return 'torch'
  const given = new Set(modules.map(signatureOfModule))
  const fitting = (order: AxisOrder): number => layers.filter((layer) => given.has(signatureOf(layer, order))).length
  const [torch, own] = [fitting('torch'), fitting('own')]
  if (torch !== own) return torch > own ? 'torch' : 'own'
  return file.tensors.some(({ name }) => /[./]weight$/i.test(name)) ? 'torch' : 'own'
}

const shapeIn = ({ shape, torch }: Wanted, order: AxisOrder): readonly number[] => (order === 'torch' ? torch.shape : shape)

/** What has to agree: the kind, the kernel's or the scale's shape, and whether there is a bias. */
function signatureOf({ kind, tensors }: WantedLayer, order: AxisOrder): string {
  const main = tensors.find(({ role }) => role === (kind === 'norm' ? 'scale' : 'kernel'))
  return `${kind} ${main ? shapeIn(main, order).join('×') : ''} ${tensors.some(({ role }) => role === 'bias')}`
}

function signatureOfModule({ kind, tensors }: FileModule): string {
  const main = tensors.get(kind === 'norm' ? 'scale' : 'kernel')
  return `${kind} ${main?.shape.join('×') ?? ''} ${tensors.has('bias')}`
}

function doubtsOf(
  layers: readonly WantedLayer[],
  modules: readonly FileModule[],
  wanted: readonly string[],
  given: readonly string[],
  isTorch: boolean,
): string[] {
  const doubts: string[] = []
  const repeated = [...new Set(wanted)].filter((signature) => wanted.filter((other) => other === signature).length > 1)
  const several = repeated.length > 0
  const differing = differingKinds(wanted, modules)
  const wrong = layers.filter((_, i) => !given.includes(wanted[i]!)).map(({ name }) => name)
  if (wrong.length > 0)
    doubts.push(
      `nothing in it has the shape of ${wrong.slice(0, TOLD).join(', ')}${wrong.length > TOLD ? `, … (${wrong.length} in all)` : ''}`,
    )
  if (several && differing.length > 0)
    doubts.push(`its ${differing.join(', ')} layers are others, or in another order, than the network’s`)
  else if (several && !isTorch && isSorted(modules.map(({ name }) => name)))
    doubts.push('its tensors are sorted by their names, so that their order says nothing of the network’s')
  const falling = fallingNames(modules)
  if (falling.length > 0) doubts.push(`numbers in its names do not rise with its order: ${falling.slice(0, TOLD).join(', ')}`)
  return doubts
}

const isSorted = (names: readonly string[]): boolean =>
  names.length > 3 && names.every((name, i) => i === 0 || names[i - 1]! < name)

/** Of equally shaped modules beside one another, `conv2` before `conv1`. */
function fallingNames(modules: readonly FileModule[]): string[] {
  const last = new Map<string, { number: number; name: string }>()
  const found: string[] = []
  for (const module of modules) {
    const [, before = '', digits = ''] = /^(.*?)(\d+)$/.exec(module.name) ?? []
    if (digits === '') continue
    const key = `${signatureOfModule(module)} ${before}`
    const seen = last.get(key)
    if (seen && seen.number > Number(digits)) found.push(`${seen.name} before ${module.name}`)
    last.set(key, { number: Number(digits), name: module.name })
  }
  return found
}
