import type { UserError } from '../../../shared/errors'
import { callsOf, inNamesOrder, isObject, type KerasCall, type KerasSource, listedSources } from './keras-calls'
import type { Settings } from './keras-layers'

/** What config.json says of a model, looked through before anything is made of it. */

export interface KerasLayer {
  readonly className: string
  readonly name: string
  readonly config: Settings
  readonly calls: readonly KerasCall[]
  /** One of `keras.ops`, and no layer; some have a layer's name. */
  readonly isOperation: boolean
  /** Its class is none of Keras's. */
  readonly isOwn: boolean
}

export type Fault = (problem: string, remedy?: string) => UserError

export const hasLayers = (config: Settings): boolean => Array.isArray(config['layers'])

/** @throws UserError for a layer that lacks what every layer has, and where two have one name. */
export function layersOf(config: Settings, fault: Fault): readonly KerasLayer[] {
  const seen = new Set<string>()
  return (config['layers'] as readonly unknown[]).map((entry, at) => {
    const told = isObject(entry) ? entry : {}
    const own = isObject(told['config']) ? told['config'] : undefined
    // A Sequential model names its layers in their settings alone.
    const name = told['name'] ?? own?.['name']
    const called = typeof name === 'string' ? `"${name}"` : `number ${at + 1}`
    if (typeof told['class_name'] !== 'string' || !own || typeof name !== 'string')
      throw fault(`layer ${called} lacks its class, its name or its settings`)
    if (seen.has(name)) throw fault(`two layers are called ${called}`)
    seen.add(name)
    const [module, registered] = [told['module'], told['registered_name']]
    return {
      ...{ className: told['class_name'], name, config: own, calls: callsOf(told['inbound_nodes']) },
      isOperation: typeof module === 'string' && /\bops\b/.test(module),
      isOwn:
        (typeof module === 'string' && !/^keras\b/.test(module)) || (typeof registered === 'string' && registered.includes('>')),
    }
  })
}

/** What leaves a model. */
export function leavingOf(kind: string, config: Settings, layers: readonly KerasLayer[], fault: Fault): readonly KerasSource[] {
  const last = layers.at(-1)
  const leaving = kind === 'Sequential' ? last && [{ name: last.name, at: 0 }] : listedSources(config['output_layers'])
  if (!leaving || leaving.length === 0) throw fault('nothing leaves the network')
  return leaving
}

/** The first output as the program has it, which is another one in Keras's order where they have names; its name, where there are others. */
export function firstLeaving({ output_layers: told }: Settings): { readonly at: number; readonly name?: string } {
  if (!isObject(told)) return { at: 0 }
  const [name] = Object.keys(told)
  const at = inNamesOrder(told).indexOf(told[name!])
  return { at, ...(Object.keys(told).length > 1 && { name: name!.slice(0, 60) }) }
}

/** Which of the values that enter a model each of its inputs is. */
export function entrancesOf(config: Settings, layers: readonly KerasLayer[], fault: Fault): ReadonlyMap<string, number> {
  const told = config['input_layers'] ?? null
  const listed = told === null ? undefined : listedSources(told)
  if (told !== null && !listed) throw fault('what enters a model within it is told otherwise than Keras does')
  const names = listed ?? layers.filter(({ className }) => className === 'InputLayer')
  return new Map(names.map(({ name }, at) => [name, at]))
}

/** The layers on which these values depend, and which of each one's values they do. */
export function neededFor(
  leaving: readonly KerasSource[],
  layers: readonly KerasLayer[],
): ReadonlyMap<string, ReadonlySet<number>> {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const needed = new Map<string, Set<number>>()
  const rest = [...leaving]
  for (let source = rest.pop(); source; source = rest.pop()) {
    const known = needed.get(source.name)
    if (known) known.add(source.at)
    else {
      needed.set(source.name, new Set([source.at]))
      for (const { sources } of byName.get(source.name)?.calls ?? []) for (const one of sources) rest.push(one)
    }
  }
  return needed
}
