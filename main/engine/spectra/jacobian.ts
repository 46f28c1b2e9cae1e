import { boundaries, type ExpandedNetwork } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { elements } from '../../../shared/ops/op'
import { parameterLayout, statisticLayout } from '../graph/layout'
import { backwardPass, forwardPass, tensorsByLayer } from '../graph/passes'
import { TensorGraph } from '../graph/tensor-graph'
import { type Feed, Session } from '../tensorflow/session'

/** At an image alone by moving statistics, or over a whole batch, which batch norm couples. */
export type JacobianMode = 'inference' | 'training'

/** A unit's derivative at a point: of what leaves it by what enters it. */
export interface Jacobian {
  /** Of what leaves and of what enters, the batch in them. */
  readonly rows: number
  readonly columns: number
  /** [rows, columns]. */
  readonly values: Float32Array
}

export interface JacobianPoint {
  readonly network: ExpandedNetwork
  /** `stage1.block2`. */
  readonly unit: string
  readonly mode: JacobianMode
  /** [N, height, width, channels]: one image in inference, the batch in training. */
  readonly images: Float32Array
  readonly count: number
  /** In the network's layouts. */
  readonly parameters: Float32Array
  readonly statistics: Float32Array
}

/** Numbers of a matrix that is still taken row by row: half a gigabyte. */
const MOST_ENTRIES = 128e6
/** Smaller side of a matrix whose values are still found in some ten seconds. */
const MOST_VALUES = 3000
/** Rows of one session call in inference, where images do not see each other. */
const TOGETHER = 32

/**
 * The whole matrix of a unit's Jacobian, row by row: each row is the way back of one entry of what leaves.
 *
 * @throws UserError where there is no such unit, or its matrix would be too large.
 */
export function unitJacobian(point: JacobianPoint): Jacobian {
  const { network, mode, count } = point
  const [from, to] = ends(network, point.unit)
  const [columns, rows] = [from, to].map((layer) => elements(network.layers[layer]!.shape) * count) as [number, number]
  if (rows * columns > MOST_ENTRIES || Math.min(rows, columns) > MOST_VALUES)
    throw new UserError(`its Jacobian is a matrix of ${rows}×${columns}, too large to be decomposed whole`, {
      place: `unit "${point.unit}"`,
      remedy: mode === 'training' ? 'give fewer images' : 'choose a unit of fewer values, or a smaller input',
    })
  const together = mode === 'inference' ? Math.min(TOGETHER, rows) : 1
  const walk = new Walk(point, from, to, together)
  try {
    const values = new Float32Array(rows * columns)
    for (let row = 0; row < rows; row += together) {
      const asked = Math.min(together, rows - row)
      values.set(walk.rows(row, asked, rows, columns), row * columns)
    }
    return { rows, columns, values }
  } finally {
    walk.close()
  }
}

/** The layers whose values are a unit's boundaries. */
function ends(network: ExpandedNetwork, unit: string): [from: number, to: number] {
  const index = network.units.findIndex(({ name }) => name === unit)
  const layers = boundaries(network)
  if (index >= 0) return [layers[index]!, layers[index + 1]!]
  const names = network.units.map(({ name }) => name)
  throw new UserError(`there is no unit "${unit.slice(0, 100)}"`, {
    place: `network "${network.name}"`,
    remedy: `it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? `, … (${names.length} in all)` : ''}`,
  })
}

/** A compiled forward pass up to a unit's end, and the way back through the unit for a cotangent that is fed. */
class Walk {
  private readonly session: Session
  private readonly feeds: Record<string, Feed>

  constructor(
    { network, mode, images, count, parameters, statistics }: JacobianPoint,
    from: number,
    to: number,
    private readonly together: number,
  ) {
    const g = new TensorGraph()
    const [learned, kept] = [parameterLayout(network), statisticLayout(network)]
    const batch = count * together
    const shape = network.layers[network.input]!.shape
    const vector = (name: string, length: number) => g.placeholder(name, [Math.max(length, 1)])
    const pass = forwardPass(g, network, {
      images: g.placeholder('images', [batch, ...shape]),
      labels: g.placeholder('labels', [batch], 'int32'),
      parameters: tensorsByLayer(g, vector('parameters', learned.length), learned),
      statistics: tensorsByLayer(g, vector('statistics', kept.length), kept),
      training: mode === 'training',
      key: g.constant([0, 0], [2], 'int32'),
      upTo: to,
    })
    const dy = g.placeholder('cotangent', [batch, ...network.layers[to]!.shape])
    const { values } = backwardPass(g, network, pass, new Set([from]), { start: { layer: to, dy }, end: from })
    const dx = values.get(from)
    if (!dx) throw new Error('the end of a unit does not depend on its beginning')
    g.named('row', dx)
    this.session = Session.open(g.nodes, { threads: 1, parallelOperations: 2 })
    const copies = new Float32Array(images.length * together)
    for (let i = 0; i < together; i++) copies.set(images, i * images.length)
    this.shape = [batch, ...network.layers[to]!.shape]
    this.feeds = {
      images: { shape: [batch, ...shape], values: copies },
      parameters: { shape: [parameters.length], values: parameters },
      ...(kept.length > 0 && mode === 'inference' && { statistics: { shape: [statistics.length], values: statistics } }),
    }
  }

  private readonly shape: readonly number[]

  /** Rows from one on, `asked` of them. */
  rows(row: number, asked: number, rows: number, columns: number): Float32Array {
    const values = new Float32Array(rows * this.together)
    for (let i = 0; i < asked; i++) values[i * rows + row + i] = 1
    const [found] = this.session.run({ ...this.feeds, cotangent: { shape: this.shape, values } }, ['row'])
    return (found as Float32Array).subarray(0, asked * columns)
  }

  close(): void {
    this.session.close()
  }
}
