import type { ExpandedNetwork } from '../../../shared/architecture'
import { parameterLayout, statisticLayout } from '../graph/layout'
import { forwardPass, tensorsByLayer } from '../graph/passes'
import { TensorGraph } from '../graph/tensor-graph'
import { type Feed, Session } from '../tensorflow/session'
import type { JacobianMode, Point } from './linearisation'
import { ownPart, type Piece } from './piece'

export interface NetworkPointOptions {
  readonly network: ExpandedNetwork
  readonly mode: JacobianMode
  /** [N, height, width, channels]: one image in inference, the batch in training. */
  readonly images: Float32Array
  readonly count: number
  /** In the network's layouts. */
  readonly parameters: Float32Array
  readonly statistics: Float32Array
  readonly threads: number
}

/** A network at some images: what each layer's value is there. One owner, who closes it. */
export class NetworkPoint {
  private readonly session: Session
  private readonly feeds: Record<string, Feed>

  /** @param upTo The last layer whose value will be asked for. */
  constructor(
    readonly options: NetworkPointOptions,
    upTo: number,
  ) {
    const { network, mode, images, count, parameters, statistics, threads } = options
    const g = new TensorGraph()
    const [learned, kept] = [parameterLayout(network), statisticLayout(network)]
    const shape = [count, ...network.layers[network.input]!.shape]
    const pass = forwardPass(g, network, {
      images: g.placeholder('images', shape),
      labels: g.placeholder('labels', [count], 'int32'),
      parameters: tensorsByLayer(g, g.placeholder('parameters', [learned.length]), learned),
      statistics: tensorsByLayer(g, g.placeholder('statistics', [kept.length]), kept),
      training: mode === 'training',
      key: g.constant([0, 0], [2], 'int32'),
      upTo,
    })
    pass.results.forEach(({ output }, i) => g.named(`value${i}`, output))
    this.session = Session.open(g.nodes, { threads, parallelOperations: 1 })
    this.feeds = {
      images: { shape, values: images },
      parameters: { shape: [parameters.length], values: parameters },
      ...(kept.length > 0 && { statistics: { shape: [statistics.length], values: statistics } }),
    }
  }

  /** Values of some layers, [count, …shape]. */
  values(layers: readonly number[]): Float32Array[] {
    return this.session.run(
      this.feeds,
      layers.map((layer) => `value${layer}`),
    ) as Float32Array[]
  }

  /** Where a piece of the network stands. @param parameters In the network's layout. */
  pointOf(piece: Piece, entering: readonly Float32Array[], parameters = this.options.parameters): Point {
    const { network, statistics } = this.options
    return {
      entering,
      parameters: ownPart(piece, parameterLayout(network), parameters, piece.parameters),
      statistics: ownPart(piece, statisticLayout(network), statistics, piece.statistics),
    }
  }

  close(): void {
    this.session.close()
  }
}
