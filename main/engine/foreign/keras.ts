import { UserError } from '../../../shared/errors'
import { kerasPlaces } from '../../../shared/keras-names'
import { parseJson } from '../../../shared/json-text'
import { type Hdf5Array, readHdf5 } from '../../formats/hdf5'
import { openZip } from '../../formats/trees/zip-tree'
import { type ForeignNetwork, type ForeignTensors, LayerList } from './network'
import { paddingOf, type Pads } from './windows'
import { callOf } from './keras-calls'
import { activationKinds, kerasLayers, type KerasOutcome, type KerasPlace, reluThatEnds, type Settings } from './keras-layers'

/** A layer of config.json, as far as it is looked at. */
interface KerasLayer {
  readonly class_name: string
  readonly name?: string
  readonly config: Settings
  readonly inbound_nodes?: unknown
}

const LIMIT = { ratio: 100, remedy: 'choose a file that you trust, or save the network again' }
const MOST_LAYERS = 20_000

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
  const text = (part: string): unknown => parseJson(Buffer.from(parts.get(part) ?? '{}').toString('utf8'), `${called}: ${part}`)
  const fault = (problem: string, remedy = 'save the network again with model.save("net.keras")'): UserError =>
    new UserError(problem, { place: called, remedy })
  const weights = parts.get('model.weights.h5')
  if (!parts.has('config.json') || !weights)
    throw fault('this is no file of Keras 3: config.json or model.weights.h5 is not in it')
  const { class_name: kind, config } = text('config.json') as { class_name?: unknown; config?: Settings }
  const layers = config?.['layers'] as readonly KerasLayer[] | undefined
  if ((kind !== 'Functional' && kind !== 'Sequential') || !Array.isArray(layers))
    throw fault(
      `it is a model of the class ${String(kind)}, whose layers only its own code knows`,
      'build it as a Functional or Sequential model',
    )
  const arrays = readHdf5(weights, called)
  const { keras_version: version } = text('metadata.json') as { keras_version?: unknown }
  const list = convert(kind, config!, arrays, fault)
  return {
    ...{ format: 'Keras', producer: `Keras ${typeof version === 'string' ? version : '3'}`, name },
    ...{ layers: list.layers, tensors: list.tensors, unsupported: list.unsupported },
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
  readonly fault: (problem: string, remedy?: string) => UserError
}
/** A model, and where the file has its layers' weights. */
interface KerasModel {
  readonly kind: string
  readonly config: Settings
  readonly prefix: string
  /** How many models it lies in. */
  readonly depth: number
  /** Nothing comes behind it. */
  readonly isLast: boolean
}

/** Models may lie in one another this deep. */
const MOST_DEPTH = 20

const layersOf = (config: Settings): readonly KerasLayer[] | undefined =>
  Array.isArray(config['layers']) ? (config['layers'] as readonly KerasLayer[]) : undefined

function convert(kind: string, config: Settings, arrays: Walk['arrays'], fault: Walk['fault']): LayerList {
  const list = new LayerList()
  const end = through({ kind, config, prefix: 'layers', depth: 0, isLast: true }, undefined, { list, arrays, fault })
  list.add({ name: 'loss', kind: 'softmax-cross-entropy', attributes: {}, inputs: [end.at] })
  return list
}

/** The value that leaves a model. @param entering What enters it; undefined for the images. */
function through(model: KerasModel, entering: readonly KerasValue[] | undefined, walk: Walk): KerasValue {
  const { kind, config, prefix } = model
  const { list, arrays, fault } = walk
  const layers = layersOf(config)!
  if (list.layers.length + layers.length > MOST_LAYERS) throw fault(`it has more layers than the ${MOST_LAYERS} that are read`)
  const values = new Map<string, KerasValue>()
  const placeOf = kerasPlaces()
  let entered = 0
  let before: string | undefined
  layers.forEach(({ name: told, ...rest }, place) => {
    // A Sequential model names its layers in their settings alone.
    const layer = { ...rest, name: told ?? String(rest.config['name']) }
    // Keras numbers by class, in the order of the list, layers without weights among them.
    const where = placeOf(layer.class_name)
    const stored = (at: number): Hdf5Array | undefined => arrays.get(`${prefix}/${where}/vars/${at}`)
    if (layer.class_name === 'InputLayer') {
      before = layer.name
      if (entering) {
        const value = entering[entered++]
        if (!value) throw fault(`the model that has layer "${layer.name}" takes more than enters it`)
        values.set(layer.name, value)
        return
      }
      if (list.layers.length > 0) throw fault('several values enter the network, and networks here take one batch of images')
      const shape = (layer.config['batch_shape'] ?? []) as (number | null)[]
      const [, height, width, channels] = shape
      if (shape.length !== 4 || typeof channels !== 'number')
        throw fault('what enters is no batch of images with the channels last')
      if (height === null || width === null)
        list.say('approximated', 'the sides of the images are open in the file and were taken as 224; set them at the input')
      const attributes = { height: height ?? 224, width: width ?? 224, channels }
      values.set(layer.name, { at: list.add({ name: layer.name, kind: 'input', attributes, inputs: [] }), axes: 'image' })
      return
    }
    const call = callOf(layer.inbound_nodes)
    const names = kind === 'Sequential' ? (before === undefined ? [] : [before]) : call.names
    before = layer.name
    const isFirst = kind === 'Sequential' && names.length === 0
    const inputs = isFirst ? (entering ?? []) : names.flatMap((one) => values.get(one) ?? [])
    if (inputs.length === 0) throw fault(`layer "${layer.name}" is fed by nothing that comes before it`)
    const places = inputs.map(({ at }) => at)
    const { pads, axes } = inputs[0]!
    const isLast = model.isLast && place === layers.length - 1
    const add = (ours: string, attributes: Settings = {}, tensors: ForeignTensors = {}): number =>
      list.add({ name: layer.name, kind: ours, attributes, inputs: places }, tensors)
    const unknown = (why: string): void => {
      values.set(layer.name, { at: list.addUnknown(layer.name, layer.class_name, why, places), axes })
    }
    // Its later calls would each want the same weights, which no layer here shares.
    const calls = Array.isArray(layer.inbound_nodes) ? layer.inbound_nodes.length : 1
    if (calls > 1) return unknown(`it is used ${calls} times with the same weights`)
    const inner = layer.class_name === 'Functional' || layer.class_name === 'Sequential' ? layersOf(layer.config) : undefined
    if (inner) {
      const depth = model.depth + 1
      if (depth > MOST_DEPTH) throw fault(`models lie in one another more than ${MOST_DEPTH} deep`)
      const within = { kind: layer.class_name, config: layer.config, prefix: `${prefix}/${where}/layers`, depth, isLast }
      values.set(layer.name, through(within, inputs, walk))
      return
    }
    if (layer.class_name === 'ZeroPadding2D') {
      const around = layer.config['padding'] as readonly (readonly number[])[]
      const own: Pads = [around[0]![0]!, around[1]![0]!, around[0]![1]!, around[1]![1]!]
      if (axes !== 'image') return unknown(ENTERS)
      values.set(layer.name, { at: places[0]!, axes, pads: own.map((pad, i) => pad + (pads?.[i] ?? 0)) as unknown as Pads })
      return
    }
    const make = kerasLayers.get(layer.class_name)
    if (!make) return unknown('there is no such layer here')
    const sides = list.shape(places[0]!)
    const why = whyNotIn(layer.class_name, inputs, list)
    if (why) return unknown(why)
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
      count: places.length,
      ...{ axes, call, list },
      taken: (name) => values.get(name),
    })
    if ('why' in outcome) return unknown(outcome.why)
    if ('build' in outcome) {
      if (inputs.some((one) => one.pads)) return unknown(PADDED)
      values.set(layer.name, { at: outcome.build(list, layer.name), axes: outcome.leaves })
      return
    }
    if (
      pads &&
      !['conv2d', 'depthwise-conv2d', 'average-pool'].includes(outcome.kind) &&
      !(outcome.kind === 'max-pool' && list.layers[places[0]!]!.kind === 'relu')
    )
      return unknown(PADDED)
    if (outcome.approximated) list.say('approximated', outcome.approximated)
    let at = outcome.kind === 'nothing' ? places[0]! : add(outcome.kind, outcome.attributes, outcome.tensors)
    for (const { kind: ours, attributes = {}, tensors } of outcome.then ?? [])
      at = list.add({ name: layer.name, kind: ours, attributes, inputs: [at] }, tensors)
    const { activation } = outcome
    if (activation !== undefined && activation !== 'linear') {
      const ours = activationKinds.get(activation)
      if (activation === 'softmax' && isLast) list.say('left', 'the softmax at the end, which the loss has in it')
      else if (ours) {
        if (activation === 'relu6') list.say('approximated', reluThatEnds(6))
        at = list.add({
          name: layer.name,
          kind: ours,
          attributes: activation === 'leaky_relu' ? { slope: 0.2 } : {},
          inputs: [at],
        })
      } else at = list.addUnknown(layer.name, activation, 'there is no such activation here', [at])
    }
    const isRow = list.shape(at)?.length === 1
    values.set(layer.name, { at, axes: isRow ? 'features' : (outcome.leaves ?? axes) })
  })
  const leaving = kind === 'Sequential' ? before : outputOf(config['output_layers'])
  const end = leaving === undefined ? undefined : values.get(leaving)
  if (!end) throw fault('nothing leaves the network')
  return end
}

const ENTERS = 'it takes an image, and tokens or features enter it'
const PADDED = 'zeros were put around its image'
const OF_IMAGES = /^(?:(?:Depthwise|Separable)?Conv2D|(?:Max|Average|GlobalAverage|GlobalMax)Pooling2D|SpatialDropout2D)$/
const OF_CHANNELS = /Normalization$|^Concatenate$/

/** Why a layer cannot take these in the axes in which they are. */
function whyNotIn(className: string, inputs: readonly KerasValue[], list: LayerList): string | undefined {
  const all = inputs.map(({ axes }) => axes)
  if (new Set(all).size > 1) return 'what it takes is in different axes'
  if (OF_IMAGES.test(className) && all[0] !== 'image') return ENTERS
  if (className.endsWith('Pooling1D') && all[0] !== 'tokens') return 'it takes tokens, and an image or features enter it'
  const isOfImage = inputs.some(({ at, axes }) => axes === 'features' && list.shape(at)?.length === 3)
  return isOfImage && OF_CHANNELS.test(className) ? 'its features are the pixels of an image' : undefined
}

const outputOf = (layers: unknown): string | undefined => {
  const [first] = Array.isArray(layers) ? (layers.flat(2) as unknown[]) : []
  return typeof first === 'string' ? first : undefined
}
