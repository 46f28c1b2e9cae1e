import type { ForeignLayer } from '../../../shared/architecture/foreign/layer'
import { shapeOf } from '../../../shared/architecture/foreign/shapes'
import type { Shape } from '../../../shared/ops'
import type { Role } from '../weights/layers'

/** A tensor that came with a foreign layer. */
export interface ForeignTensor {
  readonly shape: readonly number[]
  /** Whether its axes are PyTorch's (out×in×height×width, out×in) or the network's own. */
  readonly order: 'torch' | 'own'
  /** @throws UserError where the file does not have what it says. */
  read(): Float32Array
}
export type ForeignTensors = Readonly<Partial<Record<Role, ForeignTensor>>>

/** A network as a file of another program has it, in layers of ours. */
export interface ForeignNetwork {
  readonly format: string
  readonly producer: string
  readonly name: string
  readonly layers: readonly ForeignLayer[]
  /** Of each layer, by its place. */
  readonly tensors: readonly ForeignTensors[]
  readonly approximated: readonly string[]
  readonly left: readonly string[]
  readonly unsupported: readonly { readonly name: string; readonly what: string; readonly why: string }[]
}

/** Layers as they are found, with the shapes that leave them. */
export class LayerList {
  readonly layers: ForeignLayer[] = []
  readonly tensors: ForeignTensors[] = []
  readonly unsupported: { name: string; what: string; why: string }[] = []
  /** Each with the layers that it is about, where it is about one. */
  private readonly sentences = {
    approximated: new Map<string, (number | undefined)[]>(),
    left: new Map<string, (number | undefined)[]>(),
  }
  private readonly shapes: (Shape | null)[] = []
  private readonly spared = new Set<number>()

  /** @returns its place. */
  add(layer: ForeignLayer, tensors: ForeignTensors = {}): number {
    this.layers.push(layer)
    this.tensors.push(tensors)
    this.shapes.push(shapeOf(layer, this.shapes))
    return this.layers.length - 1
  }

  /** A layer that we do not have, by the name of what it is: `onnx-hardswish`. */
  addUnknown(name: string, what: string, why: string, inputs: readonly number[]): number {
    this.unsupported.push({ name, what, why })
    const kind = `x-${what
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')}`.slice(0, 60)
    return this.add({ name, kind, attributes: {}, inputs })
  }

  /** The shape of what leaves a layer that we do not have, where it is known from what stands around it. */
  assume(at: number, shape: Shape | null): void {
    this.shapes[at] ??= shape
  }

  /** What a layer is called in its block, for one that is not called by its kind. */
  call(at: number, word: string): void {
    this.layers[at] = { ...this.layers[at]!, word }
  }

  setTensors(at: number, tensors: ForeignTensors): void {
    this.tensors[at] = tensors
  }

  /** A layer that others stand for, unless something takes it after all. */
  spare(at: number): void {
    this.spared.add(at)
  }

  /** All layers with their tensors, without those that others stand for. */
  kept(): { layers: ForeignLayer[]; tensors: ForeignTensors[] } {
    const leftOut = this.leftOut()
    const own = this.layers.flatMap((_, at) => (leftOut.has(at) ? [] : [at]))
    const places = new Map(own.map((at, place) => [at, place]))
    return {
      layers: own.map((at) => ({ ...this.layers[at]!, inputs: this.layers[at]!.inputs.map((input) => places.get(input)!) })),
      tensors: own.map((at) => this.tensors[at]!),
    }
  }

  /** Layers that others stand for, and that none but such take. */
  private leftOut(): ReadonlySet<number> {
    const [used, leftOut] = [new Set<number>(), new Set<number>()]
    for (let at = this.layers.length - 1; at >= 0; at--)
      if (this.spared.has(at) && !used.has(at)) leftOut.add(at)
      else for (const input of this.layers[at]!.inputs) used.add(input)
    return leftOut
  }

  shape(at: number): Shape | null {
    return this.shapes[at] ?? null
  }

  /**
   * The same sentence of several layers is told once, with how many they are.
   *
   * @param at The layer that it is about: where others stand for that, it is not told.
   */
  say(what: 'approximated' | 'left', sentence: string, at?: number): void {
    this.sentences[what].set(sentence, [...(this.sentences[what].get(sentence) ?? []), at])
  }

  told(what: 'approximated' | 'left'): string[] {
    const leftOut = this.leftOut()
    return [...this.sentences[what]].flatMap(([sentence, places]) => {
      const count = places.filter((at) => at === undefined || !leftOut.has(at)).length
      return count === 0 ? [] : count === 1 ? [sentence] : [`${sentence} (${count} times)`]
    })
  }
}
