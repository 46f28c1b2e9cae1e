import { UserError } from '../../../shared/errors'
import { kerasPlaces } from '../../../shared/keras-names'
import { parseJson } from '../../../shared/json-text'
import { type Hdf5Array, readHdf5 } from '../../formats/hdf5'
import { scanJson } from '../../formats/safetensors/scan-json'
import { openZip } from '../../formats/trees/zip-tree'
import { type ForeignNetwork, type ForeignTensors, LayerList } from './network'
import { isNeverBelowZero, paddingOf, type Pads } from './windows'
import { isObject, type KerasSource } from './keras-calls'
import { entrancesOf, type Fault, hasLayers, firstLeaving, type KerasLayer, layersOf, leavingOf, neededFor } from './keras-model'
import { activationKinds, kerasLayers, type KerasOutcome, type KerasPlace, type Settings } from './keras-layers'

const LIMIT = { ratio: 100, remedy: 'choose a file that you trust, or save the network again' }
const MOST_LAYERS = 20_000
/** Lists and objects of a file within one another; models lie in one another too. */
const MOST_LISTS = 128

/**
 * A network that Keras 3 saved (.keras: config.json and model.weights.h5 in a zip), Functional or Sequential, in layers of ours.
 *
 * @throws UserError where it is none, or more than one batch of images enters.
 */
export async function readKeras(file: string, name: string, called: string): Promise<ForeignNetwork> {
  const parts = new Map<string, Uint8Array>()
  const tree = await openZip(file, called, LIMIT)
  try {
    for await (const { path, bytes } of tree.read((entry) => /^(config\.json|metadata\.json|model\.weights\.h5)$/.test(entry)))
      parts.set(path, bytes)
  } finally {
    tree.close()
  }
  const fault: Fault = (problem, remedy = 'save the network again with model.save("net.keras")') =>
    new UserError(problem, { place: called, remedy })
  const objectIn = (part: string): Settings => {
    const text = Buffer.from(parts.get(part) ?? '{}').toString('utf8')
    if (scanJson(text, MOST_LISTS).isDeep) throw fault(`${part} has lists in one another deeper than any network has them`)
    const told = parseJson(text, `${called}: ${part}`)
    return isObject(told) ? told : {}
  }
  const weights = parts.get('model.weights.h5')
  if (!parts.has('config.json') || !weights)
    throw fault('this is no file of Keras 3: config.json or model.weights.h5 is not in it')
  const { class_name: kind, config } = objectIn('config.json')
  if ((kind !== 'Functional' && kind !== 'Sequential') || !isObject(config) || !hasLayers(config))
    throw fault(
      `it is a model of the class ${String(kind)}, whose layers only its own code knows`,
      'build it as a Functional or Sequential model',
    )
  const arrays = readHdf5(weights, called)
  const { keras_version: version } = objectIn('metadata.json')
  const list = convert(kind, config, arrays, fault)
  return {
    ...{ format: 'Keras', producer: `Keras ${typeof version === 'string' ? version : '3'}`, name },
    ...{ ...list.kept(), unsupported: list.unsupported },
    ...{ approximated: list.told('approximated'), left: list.told('left') },
  }
}

/** Where a layer's value is, and zeros that were put around it. */
interface KerasValue extends KerasPlace {
  readonly pads?: Pads
}
/** What models within models share while they are walked through. */
interface Walk {
  readonly list: LayerList
  readonly arrays: ReadonlyMap<string, Hdf5Array>
  readonly fault: Fault
}
/** A model, and where the file has its layers' weights. */
interface KerasModel {
  readonly kind: string
  readonly config: Settings
  readonly prefix: string
  /** How many models it lies in. */
  readonly depth: number
  /** Which of the values that leave it are taken. */
  readonly taken: ReadonlySet<number>
  /** Which of them is the network's end. */
  readonly end: number | undefined
}

/** Models may lie in one another this deep. */
const MOST_DEPTH = 20

function convert(kind: string, config: Settings, arrays: Walk['arrays'], fault: Fault): LayerList {
  const list = new LayerList()
  const first = firstLeaving(config)
  const model = { kind, config, prefix: 'layers', depth: 0, taken: new Set([first.at]), end: first.at }
  if (first.name !== undefined) list.say('left', `all that leaves it but "${first.name}"`)
  const { at } = through(model, undefined, { list, arrays, fault })[first.at]!
  list.add({ name: 'loss', kind: 'softmax-cross-entropy', attributes: {}, inputs: [asRow(at, 'logits', list)] })
  return list
}

/**
 * The values that leave a model, by their places; those that are not taken are left out.
 *
 * @param entering What enters it; undefined for the images.
 */
function through(model: KerasModel, entering: readonly KerasValue[] | undefined, walk: Walk): (KerasValue | undefined)[] {
  const { kind, config, prefix } = model
  const { list, arrays, fault } = walk
  const layers = layersOf(config, fault)
  if (list.layers.length + layers.length > MOST_LAYERS) throw fault(`it has more layers than the ${MOST_LAYERS} that are read`)
  const isSequential = kind === 'Sequential'
  const leaving = leavingOf(kind, config, layers, fault)
  const needed = neededFor(
    leaving.filter((_, at) => model.taken.has(at)),
    layers,
  )
  const isNeeded = ({ name }: KerasLayer): boolean => isSequential || needed.has(name)
  const ending = model.end === undefined ? undefined : leaving[model.end]
  const entrances = entering && entrancesOf(config, layers, fault)
  if (entrances && !isSequential && entrances.size !== entering.length)
    throw fault(`a model within it takes ${entrances.size} values, and ${entering.length} enter it`)
  if (!entering && leaving.length > 1 && Array.isArray(config['output_layers']))
    list.say('left', `all that leaves it but the first of ${leaving.length}`)
  const unneeded = layers.filter((layer) => !isNeeded(layer)).length
  if (!entering && unneeded > 0)
    list.say('left', `${unneeded} ${unneeded === 1 ? 'layer' : 'layers'} that the first output does not depend on`)
  const values = new Map<string, readonly (KerasValue | undefined)[]>()
  // Whatever is taken of a layer that is not known is not known either.
  const strangers = new Set<string>()
  const take = ({ name, at }: KerasSource): KerasValue | undefined => values.get(name)?.[strangers.has(name) ? 0 : at]
  const placeOf = kerasPlaces()
  let before: string | undefined
  layers.forEach((layer) => {
    // Keras numbers by class, in the order of the list, layers without weights among them.
    const where = placeOf(layer.className)
    const stored = (at: number): Hdf5Array | undefined => arrays.get(`${prefix}/${where}/vars/${at}`)
    if (!isNeeded(layer)) return
    if (layer.className === 'InputLayer') {
      before = layer.name
      if (entering) {
        const value = entering[entrances!.get(layer.name) ?? -1]
        if (!value) throw fault(`the model that has layer "${layer.name}" takes more than enters it`)
        values.set(layer.name, [value])
        return
      }
      if (list.layers.length > 0) throw fault('several values enter the network, and networks here take one batch of images')
      const told = layer.config['batch_shape']
      const shape = Array.isArray(told) ? (told as unknown[]) : []
      const [, height, width, channels] = shape
      const isSide = (side: unknown): side is number | null => side === null || typeof side === 'number'
      if (shape.length !== 4 || typeof channels !== 'number' || !isSide(height) || !isSide(width))
        throw fault('what enters is no batch of images with the channels last')
      if (height === null || width === null)
        list.say('approximated', 'the sides of the images are open in the file and were taken as 224; set them at the input')
      const attributes = { height: height ?? 224, width: width ?? 224, channels }
      values.set(layer.name, [{ at: list.add({ name: layer.name, kind: 'input', attributes, inputs: [] }), axes: 'image' }])
      return
    }
    const call = layer.calls[0]!
    const isFirst = isSequential && before === undefined
    const taken = isSequential ? (isFirst ? (entering ?? []) : values.get(before!)!) : call.sources.map(take)
    before = layer.name
    if (taken.length === 0 || taken.includes(undefined))
      throw fault(`layer "${layer.name}" is fed by ${taken.length === 0 ? 'nothing' : 'something'} that does not come before it`)
    const inputs = taken as readonly KerasValue[]
    const isJoin = inputs.length > 1 && !MODELS.has(layer.className)
    const places = inputs.map((value) => (isJoin && value.axes === 'features' ? asRow(value.at, layer.name, list) : value.at))
    const { pads } = inputs[0]!
    // Of an image and a row that weighs it, the image's.
    const { axes } = inputs.find((one) => one.axes !== 'features') ?? inputs[0]!
    const isLast = ending?.name === layer.name
    const add = (ours: string, attributes: Settings = {}, tensors: ForeignTensors = {}): number =>
      list.add({ name: layer.name, kind: ours, attributes, inputs: places }, tensors)
    const unknown = (why: string): void => {
      values.set(layer.name, [{ at: list.addUnknown(layer.name, layer.className, why, places), axes }])
      strangers.add(layer.name)
    }
    const odd = whyNot(layer, inputs, list)
    if (odd) return unknown(odd)
    if (MODELS.has(layer.className) && hasLayers(layer.config)) {
      const depth = model.depth + 1
      if (depth > MOST_DEPTH) throw fault(`models lie in one another more than ${MOST_DEPTH} deep`)
      const within = {
        ...{ kind: layer.className, config: layer.config, prefix: `${prefix}/${where}/layers`, depth },
        ...{ taken: needed.get(layer.name) ?? new Set([0]), end: isLast ? ending.at : undefined },
      }
      values.set(layer.name, through(within, inputs, walk))
      return
    }
    if (layer.className === 'ZeroPadding2D') {
      const own = padsIn(layer.config['padding'])
      if (axes !== 'image') return unknown(ENTERS)
      if (!own) return unknown('there is no such padding here')
      values.set(layer.name, [{ at: places[0]!, axes, pads: own.map((pad, i) => pad + (pads?.[i] ?? 0)) as unknown as Pads }])
      return
    }
    const make = kerasLayers.get(layer.className)
    if (!make) return unknown('there is no such layer here')
    const sides = list.shape(places[0]!)
    const outcome: KerasOutcome = make(layer.config, {
      stored,
      padding: (window, isPool) => {
        if (!pads)
          return layer.config['padding'] === 'same'
            ? isPool
              ? { padding: 'same' }
              : {}
            : isPool || window.size === 1
              ? {}
              : { padding: 'valid' }
        return layer.config['padding'] === 'same'
          ? undefined
          : paddingOf(pads, window, sides?.length === 3 ? sides : null, isPool)
      },
      storedIn: (part, at) => arrays.get(`${prefix}/${where}/${part}/vars/${at}`),
      shape: sides ?? undefined,
      ...{ places, axes, call, list, taken: take, isOperation: layer.isOperation },
    })
    if ('why' in outcome) return unknown(outcome.why)
    if ('build' in outcome) {
      if (inputs.some((one) => one.pads)) return unknown(PADDED)
      values.set(layer.name, [{ at: outcome.build(list, layer.name), axes: outcome.leaves }])
      return
    }
    if (
      pads &&
      !['conv2d', 'depthwise-conv2d', 'average-pool'].includes(outcome.kind) &&
      !(outcome.kind === 'max-pool' && isNeverBelowZero(list.layers[places[0]!]!.kind))
    )
      return unknown(PADDED)
    let at = outcome.kind === 'nothing' ? places[0]! : add(outcome.kind, outcome.attributes, outcome.tensors)
    if (outcome.approximated) list.say('approximated', outcome.approximated, at)
    for (const { kind: ours, attributes = {}, tensors } of outcome.then ?? [])
      at = list.add({ name: layer.name, kind: ours, attributes, inputs: [at] }, tensors)
    const { activation } = outcome
    if (activation !== undefined && activation !== 'linear') {
      const ours = activationKinds.get(activation)
      if (activation === 'softmax' && isLast && axes === 'features')
        list.say('left', 'the softmax at the end, which the loss has in it')
      else if (ours) {
        at = list.add({
          name: layer.name,
          kind: ours,
          attributes: activation === 'leaky_relu' ? { slope: 0.2 } : {},
          inputs: [at],
        })
      } else at = list.addUnknown(layer.name, activation, 'there is no such activation here', [at])
    }
    const isRow = list.shape(at)?.length === 1
    values.set(layer.name, [{ at, axes: isRow ? 'features' : (outcome.leaves ?? axes) }])
  })
  return leaving.map((source, at) => {
    if (!model.taken.has(at)) return undefined
    const value = take(source)
    if (!value) throw fault(`what leaves "${source.name}" is not there`)
    if (model.depth === 0 && value.pads) throw fault(`zeros are put around what leaves the network, by "${source.name}"`)
    return value
  })
}

/** What is no image any more as the row that sums and the loss want: the mean of its one pixel. */
const asRow = (at: number, name: string, list: LayerList): number =>
  placesIn(list.shape(at)) === 1 ? list.add({ name, kind: 'global-average-pool', attributes: {}, inputs: [at] }) : at

/** Pixels of an image; none of a row. */
const placesIn = (shape: readonly number[] | null): number => (shape?.length === 3 ? shape[0]! * shape[1]! : 0)

/** `[[top, bottom], [left, right]]`. */
function padsIn(told: unknown): Pads | undefined {
  const sides = Array.isArray(told) && told.length === 2 ? (told as unknown[]) : []
  const [top, bottom, left, right] = sides.flat() as number[]
  const all = [top, left, bottom, right]
  const isWhole = sides.every((pair) => Array.isArray(pair) && pair.length === 2)
  return isWhole && all.every((pad) => Number.isSafeInteger(pad) && pad! >= 0) ? (all as unknown as Pads) : undefined
}

const MODELS: ReadonlySet<string> = new Set(['Functional', 'Sequential'])
const ENTERS = 'it takes an image, and tokens or features enter it'
const PADDED = 'zeros were put around its image'
const OF_IMAGES = /^(?:(?:Depthwise|Separable)?Conv2D|(?:Max|Average|GlobalAverage|GlobalMax)Pooling2D|SpatialDropout2D)$/
const OF_CHANNELS = /Normalization$|^Concatenate$/

/** What takes several values; a layer of any other class takes one. */
const JOINS: ReadonlySet<string> = new Set(['Add', 'Average', 'Concatenate', 'Multiply', 'MultiHeadAttention', ...MODELS])
/** What adds a number of the program, or multiplies by one. */
const OF_NUMBERS: ReadonlySet<string> = new Set(['Add', 'Multiply'])
/** What looks at all that it is called with itself. */
const OWN_CALLS: ReadonlySet<string> = new Set(['GetItem', 'MultiHeadAttention'])

/** Why a layer cannot be what its class says, or cannot take these. */
function whyNot(layer: KerasLayer, inputs: readonly KerasValue[], list: LayerList): string | undefined {
  const { className, config, calls } = layer
  if (layer.isOwn) return 'it is a class of somebody’s own'
  // Its later calls would each want the same weights, which no layer here shares.
  if (calls.length > 1) return `it is used ${calls.length} times with the same weights`
  const [{ strange, constants, numbers }] = calls as readonly [KerasLayer['calls'][0]]
  const isChecked = MODELS.has(className) || className === 'ZeroPadding2D' || kerasLayers.has(className)
  if (!isChecked) return 'there is no such layer here'
  if (!OWN_CALLS.has(className)) {
    if (strange.length > 0) return `it is called with ${strange[0]}`
    if (numbers.length > 0 && !OF_NUMBERS.has(className)) return `it is called with ${numbers[0]}`
    if (constants.length > 0 && className !== 'Add') return 'it is called with numbers of the program'
  }
  if (inputs.length > 1 && !JOINS.has(className)) return `it takes ${inputs.length} values`
  if ((config['data_format'] ?? 'channels_last') !== 'channels_last') return 'its images have their channels first'
  if (isObject(config['dtype']) && /quantized/i.test(String(config['dtype']['class_name']))) return 'its weights are quantised'
  if (MODELS.has(className)) return undefined
  if (inputs.slice(1).some(({ pads }) => pads)) return PADDED
  return whyNotIn(layer, inputs, list)
}

/** Why a layer cannot take these in the axes in which they are. */
function whyNotIn(layer: KerasLayer, inputs: readonly KerasValue[], list: LayerList): string | undefined {
  const { className } = layer
  const all = inputs.map(({ axes }) => axes)
  const isRow = ({ at, axes }: KerasValue): boolean => axes === 'features' && list.shape(at)?.length === 1
  // The layer makes a row one pixel of an image; the operation would make it one row of pixels.
  const isWeighed = layer.className === 'Multiply' && !layer.isOperation && inputs.some(isRow)
  if (new Set(all).size > 1 && !isWeighed) return 'what it takes is in different axes'
  if (OF_IMAGES.test(className) && all[0] !== 'image') return ENTERS
  if (className.endsWith('Pooling1D') && all[0] !== 'tokens') return 'it takes tokens, and an image or features enter it'
  const isOfImage = inputs.some(({ at, axes }) => axes === 'features' && placesIn(list.shape(at)) > 1)
  return isOfImage && OF_CHANNELS.test(className) ? 'its features are the pixels of an image' : undefined
}
