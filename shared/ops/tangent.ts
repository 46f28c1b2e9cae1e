import type { Graph, Tensor } from './graph'
import type { GradientContext, OpDefinition } from './op'
import { type TapedWord, transposeRules } from './transpose'

type Given = Omit<GradientContext<Record<string, unknown>>, 'dy' | 'wanted'>

/**
 * J·dx of one layer: how its output moves where its inputs do. The way back, dy ↦ Jᵀ·dy, is linear, so J is its transpose: the layer's own
 * gradient rule is taken down word by word for a dy that has no value, and the words are gone through backwards, each by its transpose. So
 * a layer says its derivative once.
 *
 * @param g Where the nodes are made.
 * @param blank An empty graph, for the shapes of what depends on dy; nothing of it is used.
 * @param tangents One for each input; null for one that stands still.
 * @returns undefined where none of the moving inputs reaches the output.
 */
export function tangentOf(
  g: Graph,
  blank: Graph,
  op: OpDefinition,
  given: Given,
  tangents: readonly (Tensor | null)[],
): Tensor | undefined {
  const dy: Tensor = { id: 'cotangent', shape: given.output.shape, dtype: 'float' }
  const { graph, tape, isLinear } = recorder(g, blank, dy)
  const wanted = tangents.map((tangent) => tangent !== null)
  const { inputs } = op.gradient(graph, { ...given, dy, wanted })
  const arrived = new Map<Tensor, Tensor[]>()
  const arrive = (at: Tensor, what: Tensor): void => void arrived.set(at, [...(arrived.get(at) ?? []), what])
  inputs.forEach((gradient, i) => {
    const tangent = tangents[i]
    if (gradient && tangent) arrive(gradient, tangent)
  })
  for (const { word, args, result } of [...tape].reverse()) {
    const here = arrived.get(result)
    if (!here) continue
    const rule = transposeRules[word]
    if (!rule) throw new Error(`the word "${word}" has no transpose; ${op.kind} needs it for products with its Jacobian`)
    for (const [argument, what] of rule(g, g.sum(here), isLinear, args)) if (isLinear(argument)) arrive(argument, what)
  }
  const found = arrived.get(dy)
  return found && g.sum(found)
}

/** A graph that takes down what depends on dy, on a blank one, and makes everything else. */
function recorder(
  g: Graph,
  blank: Graph,
  dy: Tensor,
): { graph: Graph; tape: readonly TapedWord[]; isLinear(tensor: Tensor): boolean } {
  const linear = new Set<Tensor>([dy])
  const tape: TapedWord[] = []
  const call = (word: keyof Graph, args: readonly unknown[]): unknown => {
    const on = args.flat().some((arg) => linear.has(arg as Tensor)) ? blank : g
    const answer = (on[word] as (...args: unknown[]) => unknown).apply(on, [...args])
    if (on === g) return answer
    // Of several results the first is the gradient in the input.
    const results = 'shape' in (answer as object) ? [answer as Tensor] : Object.values(answer as Record<string, Tensor>)
    // A word that has nothing to do gives back what it was given.
    if (linear.has(results[0]!)) return answer
    for (const result of results) linear.add(result)
    tape.push({ word, args, result: results[0]! })
    return answer
  }
  const graph = new Proxy(g, { get: (_, word) => (...args: unknown[]) => call(word as keyof Graph, args) }) // prettier-ignore
  return { graph, tape, isLinear: (tensor) => linear.has(tensor) }
}
