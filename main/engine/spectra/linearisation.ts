import type { Tensor } from '../../../shared/ops/graph'
import type { ForwardResult } from '../../../shared/ops/op'
import { elements } from '../../../shared/ops/op'
import { HeldValues } from '../graph/held'
import { backwardPass, type ForwardPass, forwardLayer, tensorsByLayer } from '../graph/passes'
import { tangentPass } from '../graph/tangents'
import { TensorGraph } from '../graph/tensor-graph'
import { type Feed, Session } from '../tensorflow/session'
import type { LinearMap } from './bidiagonal'
import type { Piece } from './piece'

/** At an image alone by moving statistics, or over a whole batch, which batch norm couples. */
export type JacobianMode = 'inference' | 'training'

export interface LinearisationOptions {
  readonly mode: JacobianMode
  /** Images that enter. */
  readonly count: number
  readonly threads: number
}

/** Where a piece is linearised. */
export interface Point {
  /** Of each layer that enters it, [count, …shape]. */
  readonly entering: readonly Float32Array[]
  /** In the piece's layouts. */
  readonly parameters: Float32Array
  readonly statistics: Float32Array
}

/**
 * The Jacobian of a piece at a point by its products, in TensorFlow: the values of the forward pass are computed once for a point and held;
 * a product is then one pass forward or back. One owner, who closes it.
 */
export class Linearisation implements LinearMap {
  readonly isSingle = true
  readonly inputs: number
  readonly outputs: number
  private readonly session: Session

  constructor(
    private readonly piece: Piece,
    private readonly options: LinearisationOptions,
  ) {
    const { network } = piece
    const last = network.layers.length - 1
    const [inputs, outputs] = [0, last].map((layer) => elements(network.layers[layer]!.shape) * options.count)
    this.inputs = inputs!
    this.outputs = outputs!
    const g = new TensorGraph()
    const held = new HeldValues(g, 'hold')
    const pass = this.forward(g, held)
    const direction = g.placeholder('direction', this.shapeOf(0))
    const cotangent = g.placeholder('cotangent', this.shapeOf(last))
    g.named('leaving', pass.results[last]!.output)
    g.named('tangent', tangentPass(g, network, pass, { layer: 0, dx: direction }, last)!)
    const { values } = backwardPass(g, network, pass, new Set([0]), { start: { layer: last, dy: cotangent }, end: 0 })
    g.named('gradient', values.get(0)!)
    held.finish()
    this.session = Session.open(g.nodes, { threads: options.threads, parallelOperations: 1 })
  }

  /** Computes the forward pass at a point; products are of the Jacobian there from now on. */
  moveTo({ entering, parameters, statistics }: Point): void {
    const feeds: Record<string, Feed> = Object.fromEntries(
      entering.map((values, i) => [`entering${i}`, { shape: this.shapeOf(i), values }]),
    )
    if (parameters.length > 0) feeds['parameters'] = { shape: [parameters.length], values: parameters }
    if (statistics.length > 0) feeds['statistics'] = { shape: [statistics.length], values: statistics }
    this.session.run(feeds, ['hold'])
  }

  /** What leaves the piece at the point. */
  leaving(): Float32Array {
    return this.session.run({}, ['leaving'])[0] as Float32Array
  }

  apply(x: Float64Array): Float64Array {
    return Float64Array.from(this.product('direction', Float32Array.from(x)))
  }

  transpose(y: Float64Array): Float64Array {
    return Float64Array.from(this.product('cotangent', Float32Array.from(y)))
  }

  /** J·v for what is fed as a direction, Jᵀ·u for a cotangent. */
  product(side: 'direction' | 'cotangent', values: Float32Array): Float32Array {
    const isForward = side === 'direction'
    const shape = this.shapeOf(isForward ? 0 : this.piece.network.layers.length - 1)
    return this.session.run({ [side]: { shape, values } }, [isForward ? 'tangent' : 'gradient'])[0] as Float32Array
  }

  close(): void {
    this.session.close()
  }

  private shapeOf(layer: number): readonly number[] {
    return [this.options.count, ...this.piece.network.layers[layer]!.shape]
  }

  /** The forward pass, each value held; what the derivatives see of it is what is held. */
  private forward(g: TensorGraph, held: HeldValues): ForwardPass {
    const { network, parameters, statistics, entering, layers } = this.piece
    const vector = (name: string, length: number): Tensor => held.given(name, [length])
    const kept = (tensors: Map<number, Record<string, Tensor>>): Map<number, Record<string, Tensor>> =>
      new Map([...tensors].map(([layer, named]) => [layer, mapped(named, (tensor) => held.hold(tensor))]))
    const computed = {
      images: g.constant(0),
      labels: g.constant(0, [1], 'int32'),
      parameters: tensorsByLayer(g, vector('parameters', parameters.length), parameters),
      statistics: tensorsByLayer(g, vector('statistics', statistics.length), statistics),
      training: this.options.mode === 'training',
      key: g.constant([0, 0], [2], 'int32'),
    }
    const results: ForwardResult[] = entering.map((_, i) => ({ output: held.given(`entering${i}`, this.shapeOf(i)) }))
    for (let i = entering.length; i < network.layers.length; i++) {
      const given = network.layers[i]!.inputs.map((input) => results[input]!.output)
      results.push(forwardLayer(g, network, i, given, computed, '', layers[i - entering.length]!))
    }
    const seen = results.map(({ output, saved = [] }) => ({
      output: held.hold(output),
      saved: saved.map((value) => held.hold(value)),
    }))
    return {
      results: seen,
      inputs: { ...computed, parameters: kept(computed.parameters), statistics: kept(computed.statistics) },
    }
  }
}

function mapped<T, R>(named: Readonly<Record<string, T>>, of: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, of(value)]))
}
