import { kerasPlaces } from '../../keras-names'
import type { NetworkDocument } from '../document'
import { type ExpandedNetwork } from '../expand'
import { configOf, type KerasCall, kerasWords } from './keras-layers'
import { kerasModules } from './keras-modules'
import { type Form, formsOf, isParameter, unused } from './parameters'
import { Pass, usesOf } from './pass'
import { type BodyPiece, type LoopPiece, type Piece, piecesOf, type Reference } from './pieces'
import { call, docstring, flat, functionName, identifier, literal, stepped, told } from './python'

type Say = (leaf: number) => string

/**
 * A network as a program of Keras 3, as a person would have written it: a function for each form of block, loops for what is repeated.
 *
 * @param head Lines of the description at its top.
 * @throws UserError where the network does not fit together.
 */
export function kerasSource(document: NetworkDocument, head: readonly string[]): { text: string; network: ExpandedNetwork } {
  const { network, body } = piecesOf(document, (layer) => {
    const { calls, times = 1 } = kerasWords(layer)
    return { calls, words: `${times}` }
  })
  return { text: new Writer(body, network).file(document.name, head), network }
}

class Writer {
  private readonly forms: readonly Form[]
  private readonly names = new Map<string, string>()
  private readonly helpers = new Set<string>()

  constructor(
    private readonly root: BodyPiece,
    private readonly network: ExpandedNetwork,
  ) {
    this.forms = formsOf(root, (body) => !body.isChain || body === root)
    const taken = new Set(['network', 'math', 'wrapped'])
    for (const { key, body } of this.forms) {
      const short = functionName(body.id.replace(/\d+$/, '') || body.id)
      this.names.set(
        key,
        body === root ? 'network' : taken.has(short) ? unused(functionName(body.path), taken) : unused(short, taken),
      )
    }
  }

  file(title: string, head: readonly string[]): string {
    const functions = this.forms.map((form) => this.form(form, title))
    const own = Object.entries(kerasModules).flatMap(([name, text]) => (this.helpers.has(name) ? [text] : []))
    const all = [...own, ...functions].join('\n\n\n')
    const { layers, input, logits } = this.network
    const shapes = `Images [n, ${layers[input]!.shape.join(', ')}] in, logits [n, ${layers[logits]!.shape.join(', ')}] out.`
    const imports = [...(/\bmath\./.test(all) ? ['import math', ''] : []), 'import keras', 'from keras import layers']
    const text = [`"""${docstring(title)}`, '', ...[...head, shapes].map(docstring), '"""', '', ...imports, '', '', all, '']
    return text.join('\n')
  }

  private form({ key, body, parameters, leaves }: Form, title: string): string {
    const say: Say = (at) => {
      const leaf = leaves[at]!
      return isParameter(leaf) ? leaf.name : literal(leaf.value)
    }
    const isRoot = body === this.root
    const entering = isRoot ? ['inputs'] : Array.from({ length: body.entering }, (_, at) => (at === 0 ? 'x' : `x${at}`))
    const uses = new Map(usesOf(body.references, body.output))
    // The model is told what entered it at the end.
    if (isRoot) uses.set(-1, (uses.get(-1) ?? 0) + 1)
    const pass = new Pass(entering, uses)
    let base = 0
    body.children.forEach((child, at) => {
      this.emit(pass, uses, child, at, body.references[at]!, base, say, isRoot ? ['x'] : [], 0)
      base += child.leaves.length
    })
    const sides = this.network.layers[this.network.input]!.shape.join(', ')
    const lines = isRoot ? [`inputs = keras.Input((${sides}))`, ...pass.lines] : pass.lines
    const end = pass.end(body.output)
    return [
      `def ${this.names.get(key)!}(${(isRoot ? [] : [...entering, ...parameters.map(({ name }) => name)]).join(', ')}):`,
      ...(isRoot ? [`    """${docstring(title)}."""`] : []),
      ...lines.map((line) => `    ${line}`),
      `    return ${isRoot ? `keras.Model(inputs, ${end})` : end}`,
    ].join('\n')
  }

  /** The lines of a piece, whose value is `at` then. */
  private emit(
    ...[pass, uses, piece, at, inputs, base, say, preferred, depth]: [
      ...[Pass, Map<Reference, number>, Piece, Reference, readonly Reference[], number, Say, readonly string[], number],
    ]
  ): void {
    // Values within it, which nothing else takes.
    const inner = (): Reference => {
      const reference = 1e9 + uses.size
      uses.set(reference, 1)
      return reference
    }
    if (piece.kind === 'layer') {
      const { times = 1 } = kerasWords(piece.layer)
      let from = inputs
      let leaf = base
      piece.calls.forEach((one, place) => {
        const { isOwn, needs = [] } = one as KerasCall
        if (isOwn) for (const helper of [one.callee, ...needs]) this.helpers.add(helper)
        const to = place === piece.calls.length - 1 ? at : inner()
        const layer = flat(call(one.callee, told(one, leaf, say)))
        pass.say(to, from, preferred, 3, (texts) => {
          if (place === 0 && times > 1) return `${layer}([${texts[0]!}] * ${times})`
          return texts.length > 1 ? `${layer}([${texts.join(', ')}])` : `${layer}(${texts[0]!})`
        })
        from = [to]
        leaf += one.arguments.length
      })
    } else if (piece.kind === 'body') {
      const name = this.names.get(piece.key)
      if (name !== undefined)
        return pass.say(at, inputs, [...this.variable(piece), ...preferred], 3, (texts) => this.called(piece, texts, base, say))
      let from = inputs
      let leaf = base
      piece.children.forEach((child, place) => {
        const to = place === piece.children.length - 1 ? at : inner()
        this.emit(pass, uses, child, to, from, leaf, say, preferred, depth)
        from = [to]
        leaf += child.leaves.length
      })
    } else this.loop(pass, piece, at, inputs, base, say, preferred, depth)
  }

  private loop(
    ...[pass, piece, at, inputs, base, say, preferred, depth]: [
      ...[Pass, LoopPiece, Reference, readonly Reference[], number, Say, readonly string[], number],
    ]
  ): void {
    const variable = 'ijkl'[depth] ?? `i${depth}`
    let isCounted = false
    const inside: Say = (leaf) => {
      const step = say(base + 2 + 2 * leaf)
      isCounted ||= step !== '0'
      return stepped(say(base + 1 + 2 * leaf), step, variable)
    }
    const [copy] = piece.copies
    pass.repeat(at, inputs, [...this.variable(piece), ...preferred], (value, others) => {
      let lines: readonly string[]
      if (this.names.has(copy!.key)) lines = [`${value} = ${this.called(copy!, [value, ...others], 0, inside)}`]
      else {
        const uses = new Map<Reference, number>([
          [-1, 1],
          [0, 1],
        ])
        const own = new Pass([value], uses)
        this.emit(own, uses, copy!, 0, [-1], 0, inside, [], depth + 1)
        lines = own.lines
      }
      return [`for ${isCounted ? variable : '_'} in range(${say(base)}):`, ...lines.map((line) => `    ${line}`)]
    })
  }

  /** What a block's value may be called, where no function is called so. */
  private variable({ id }: Piece): string[] {
    const name = identifier(id)
    return [...this.names.values()].includes(name) ? [] : [name]
  }

  private called(body: BodyPiece, texts: readonly string[], base: number, say: Say): string {
    const { parameters } = this.forms.find(({ key }) => key === body.key)!
    return flat(call(this.names.get(body.key)!, [...texts, ...parameters.map(({ leaf }) => say(base + leaf))]))
  }
}

/** A layer of Keras in the order in which a model of Keras has them. */
export interface KerasLayer {
  readonly name: string
  readonly call: KerasCall
  readonly config: Readonly<Record<string, unknown>>
  /** Names of the layers that feed it; one stands there as often as it does. */
  readonly inputs: readonly string[]
  /** Of ours that it has the weights of. */
  readonly layer: ExpandedNetwork['layers'][number]
  /** `conv2d_3`: where a file has its weights. */
  readonly place: string
}
/** Before its place among the others is known. */
export type KerasMade = Omit<KerasLayer, 'place'>

/** The layers of the model that the source makes, the input's aside, in Keras's order, and which one gives the logits. @param join Says some of them otherwise. */
export function kerasLayersOf<T extends KerasMade = KerasMade>(
  network: ExpandedNetwork,
  join: (made: readonly KerasMade[]) => readonly T[] = (made) => made as readonly T[],
): {
  readonly layers: readonly (T & { readonly place: string })[]
  readonly input: string
  readonly logits: string
} {
  const taken = new Set<string>()
  const ends: string[] = []
  const made: KerasMade[] = []
  network.layers.forEach((layer, at) => {
    if (at === network.loss) return
    const name = unused(layer.name.replace(/[^A-Za-z0-9_]+/g, '_'), taken)
    ends[at] = name
    if (at === network.input) return
    const { calls, times = 1 } = kerasWords(layer)
    let inputs = layer.inputs.flatMap((input) => Array.from({ length: times }, () => ends[input]!))
    calls.forEach((one, place) => {
      const own = place === calls.length - 1 ? name : unused(`${name}_before`, taken)
      made.push({ name: own, call: one, config: configOf(one), inputs, layer })
      inputs = [own]
    })
  })
  const [input, logits] = [ends[network.input]!, ends[network.logits]!]
  const placeOf = kerasPlaces()
  const layers = kerasOrder(join(made), input, logits).map((one) => {
    return { ...one, place: placeOf(one.call.callee.replace('layers.', '')) }
  })
  return { layers, input, logits }
}

/** Those furthest from the logits first, and of several at one distance those that a walk back from the logits meets first (keras/src/ops/function.py, map_graph). */
function kerasOrder<T extends { readonly name: string; readonly inputs: readonly string[] }>(
  layers: readonly T[],
  input: string,
  logits: string,
): T[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]))
  const met = new Map<string, number>()
  // With a stack of our own: a network may be a chain of thousands.
  const stack = [logits]
  while (stack.length > 0) {
    const name = stack.pop()!
    if (met.has(name)) continue
    met.set(name, met.size)
    stack.push(...[...(byName.get(name)?.inputs ?? [])].reverse())
  }
  const distances = new Map<string, number>([[logits, 0]])
  for (const { name, inputs } of [...layers].reverse())
    for (const from of inputs) distances.set(from, Math.max(distances.get(from) ?? 0, (distances.get(name) ?? 0) + 1))
  distances.delete(input)
  return [...layers].sort((a, b) => distances.get(b.name)! - distances.get(a.name)! || met.get(a.name)! - met.get(b.name)!)
}
