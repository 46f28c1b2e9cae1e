import type { ExpandedNetwork } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import type { WeightMap, WeightReport } from '../../../shared/weight-map'
import type { CheckedFloats } from '../../formats/checked-floats'
import { type Layout, parameterLayout } from '../graph/layout'
import type { WeightsChoice } from '../questions'
import { paddedOtherwise } from './edges'
import { openWeights, type WeightFile } from './file'
import { type Turn, turned, type Wanted, wantedLayers } from './layers'
import { propose, proposeFor } from './propose'
import { PREFIXES, readWeights } from './read'

interface Entry {
  readonly wanted: Wanted
  readonly tensor: string
  readonly turn: Turn
}

/** A file of weights as a network has them: under its names, in its axes. */
class FittedFile implements WeightFile {
  readonly file: string
  readonly tensors: WeightFile['tensors']

  constructor(
    private readonly source: WeightFile,
    private readonly entries: ReadonlyMap<string, Entry>,
    /** Which tensor was taken for which. */
    readonly map: WeightMap,
    /** What was left out and assumed, a sentence each. */
    readonly remarks: readonly string[],
  ) {
    this.file = source.file
    this.tensors = [...entries.values()].map(({ wanted: { name, shape } }) => ({ name, shape }))
  }

  has(name: string): boolean {
    return this.entries.has(name)
  }

  info(name: string): { readonly shape: readonly number[] } {
    return this.entry(name).wanted
  }

  readChecked(name: string): CheckedFloats {
    const { tensor, wanted, turn } = this.entry(name)
    const { values, fault } = this.source.readChecked(tensor)
    return { values: turned(values, wanted, turn), fault }
  }

  close(): void {
    this.source.close()
  }

  private entry(name: string): Entry {
    const found = this.entries.get(name)
    if (found) return found
    throw new UserError(`there is no tensor for "${name}"`, { place: this.file })
  }
}

/**
 * Opens a file of weights for a network. One that has the network's own names is taken as it is; any other by the map that is given,
 * or by one that is proposed and leaves no doubt.
 *
 * @throws UserError where the file cannot be read, or which tensor is which is not sure.
 */
export async function openWeightsFor(
  network: ExpandedNetwork,
  { file: path, name, map }: WeightsChoice,
): Promise<WeightFile & { readonly map?: WeightMap }> {
  const file = await openWeights(path, name)
  try {
    if (map === undefined && hasOwnNames(file, network)) return file
    const entries = map ? entriesOf(network, file, new Map(Object.entries(map.tensors))) : proposedEntries(network, file)
    return new FittedFile(file, entries, mapOf(entries), [...remarksOf(network, file, entries), ...leftOutWords(file, entries)])
  } catch (error) {
    file.close()
    throw error
  }
}

/** A network's parameters in their layout, from a file that is opened for it alone. @throws UserError as openWeightsFor and readWeights do. */
export async function readWeightsFor(network: ExpandedNetwork, choice: WeightsChoice, layout: Layout): Promise<Float32Array> {
  const file = await openWeightsFor(network, choice)
  try {
    return readWeights(file, layout)
  } finally {
    file.close()
  }
}

/** What would be taken of a file for a network, and what would not. @throws UserError where the file cannot be read, or the map does not fit. */
export async function reportWeights(network: ExpandedNetwork, { file: path, name, map }: WeightsChoice): Promise<WeightReport> {
  const file = await openWeights(path, name)
  try {
    if (file.tensors.length === 0)
      throw new UserError('it holds no tensor', { place: file.file, remedy: 'choose a file of weights' })
    const proposal = map || hasOwnNames(file, network) ? undefined : propose(network, file)
    const pairs = map ? new Map(Object.entries(map.tensors)) : (proposal?.tensors ?? ownNames(network, file))
    const entries = entriesOf(network, file, pairs)
    const without = wantedLayers(network).flatMap(({ tensors }) =>
      tensors.filter(({ name }) => !entries.has(name)).map(({ name }) => name),
    )
    const isStatistic = (name: string): boolean => name.startsWith('statistics/')
    return {
      map: mapOf(entries),
      entries: [...entries.values()].map(({ wanted, tensor, turn }) => {
        return { parameter: wanted.name, tensor, shape: [...wanted.shape], isTurned: turn !== 'none' }
      }),
      doubts: [...(proposal?.doubts ?? [])],
      missing: without.filter((name) => !isStatistic(name)),
      missingStatistics: without.filter(isStatistic),
      leftOut: leftOut(file, entries),
      remarks: remarksOf(network, file, entries),
    }
  } finally {
    file.close()
  }
}

type Entries = ReadonlyMap<string, Entry>

/** What was passed over in the file, and what is assumed of its edges. */
function remarksOf(network: ExpandedNetwork, file: WeightFile, entries: Entries): string[] {
  const isTorch = file.isTorch === true || [...entries.values()].some(({ turn }) => turn !== 'none')
  return [...(file.remarks ?? []), ...(isTorch ? paddedOtherwise(network) : [])]
}

/** Tensors that are not taken. */
function leftOut(file: WeightFile, entries: Entries): string[] {
  const taken = new Set([...entries.values()].map(({ tensor }) => tensor))
  return file.tensors.map(({ name }) => name).filter((name) => !taken.has(name))
}

/** Names that are told. */
const TOLD = 4

function leftOutWords(file: WeightFile, entries: Entries): string[] {
  const names = leftOut(file, entries)
  if (names.length === 0) return []
  const told = `${names.slice(0, TOLD).join(', ')}${names.length > TOLD ? ', …' : ''}`
  return [`${names.length} of the file’s ${file.tensors.length} tensors ${names.length === 1 ? 'is' : 'are'} left out: ${told}`]
}

/** A bias says nothing: other programs, too, call a layer's shift `head.bias`. */
function hasOwnNames(file: WeightFile, network: ExpandedNetwork): boolean {
  const telling = parameterLayout(network).slots.filter(({ local }) => local !== 'bias')
  return telling.some(({ name }) => PREFIXES.some((prefix) => file.has(prefix + name)))
}

/** As `checkWeights` finds them. */
function ownNames(network: ExpandedNetwork, file: WeightFile): Map<string, string> {
  const wanted = wantedLayers(network).flatMap(({ tensors }) => tensors.map(({ name }) => name))
  const found = (prefix: string): number => wanted.filter((name) => file.has(prefix + name)).length
  const prefix = PREFIXES.reduce((best, other) => (found(other) > found(best) ? other : best))
  return new Map(
    wanted.flatMap((name) => {
      const tensor = [prefix + name, name, name.replace(/^statistics\//, '')].find((word) => file.has(word))
      return tensor === undefined ? [] : [[name, tensor] as const]
    }),
  )
}

function proposedEntries(network: ExpandedNetwork, file: WeightFile): Map<string, Entry> {
  const { tensors, doubts } = propose(network, file)
  const missing = parameterLayout(network).slots.filter(({ name }) => !tensors.has(name))
  if (doubts.length === 0 && missing.length === 0) return entriesOf(network, file, tensors)
  const why = doubts[0] ?? `there is no tensor for ${missing[0]!.name}`
  throw new UserError(`which of its tensors is which of "${network.name}" is not sure: ${why}`, {
    place: file.file,
    remedy:
      wayWithoutSkips(network, file) ??
      'look at them with "normlab weights map NET FILE --out map.json", correct that, and give it with --map',
  })
}

/** What to do where a file has all that a network wants but for the convolutions in its skips, as PyTorch's residual nets with padded skips (He et al. 2015, option A). */
function wayWithoutSkips({ name, ...network }: ExpandedNetwork, file: WeightFile): string | undefined {
  const layers = wantedLayers({ name, ...network })
  const rest = layers.filter((layer) => !/(^|\.)shortcut\./.test(layer.name))
  if (rest.length === layers.length || proposeFor(rest, file).doubts.length > 0) return undefined
  const padded = `shortcut=padding-both${file.isTorch === true ? ',padding=symmetric' : ''}`
  const [preset = name, options = ''] = name.split(':')
  const others = options.split(',').filter((option) => option !== '' && !/^(shortcut|padding)=/.test(option))
  const words = /^resnet\b/.test(preset) ? `, as ${preset}:${[...others, padded].join(',')}` : ''
  return `all but its skips’ convolutions fit, and the file has none: use the network with padded skips${words}`
}

/** @throws UserError for a name that the network or the file does not have, and for shapes that do not fit. */
function entriesOf(network: ExpandedNetwork, file: WeightFile, pairs: ReadonlyMap<string, string>): Map<string, Entry> {
  const wanted = new Map(wantedLayers(network).flatMap(({ tensors }) => tensors.map((one) => [one.name, one] as const)))
  const { order } = propose(network, file)
  const entries = new Map<string, Entry>()
  for (const [name, tensor] of pairs) {
    const one = wanted.get(name)
    if (!one)
      throw new UserError(`the map names "${name}", which the network "${network.name}" does not have`, {
        place: file.file,
        remedy: 'see the names with normlab weights map',
      })
    const { shape } = file.info(tensor)
    const turn = turnOf(one, shape, order)
    if (turn === undefined)
      throw new UserError(
        `tensor "${tensor}" is ${shape.join('×') || 'a single number'} and the network’s ${name} is ${one.shape.join('×')}`,
        {
          place: file.file,
          remedy: 'use weights of this very network, or correct the map',
        },
      )
    entries.set(name, { wanted: one, tensor, turn })
  }
  return entries
}

/** Undefined where the shapes do not fit either way. */
function turnOf({ shape, torch }: Wanted, given: readonly number[], order: 'torch' | 'own'): Turn | undefined {
  const isOwn = given.join() === shape.join()
  const isTorch = given.join() === torch.shape.join()
  if (isOwn && (order === 'own' || !isTorch)) return 'none'
  return isTorch ? torch.turn : undefined
}

function mapOf(entries: ReadonlyMap<string, Entry>): WeightMap {
  const tensors = Object.fromEntries([...entries].map(([name, { tensor }]) => [name, tensor]))
  return { format: 'normlab/weight-map', version: 1, tensors }
}
