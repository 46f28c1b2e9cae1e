import type { ExpandedNetwork } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { Random } from '../../../shared/random'
import { elements } from '../../../shared/ops/op'
import { type Bounded, type Density, estimateSpectrum, type EstimateOptions } from './estimate'
import { Linearisation } from './linearisation'
import type { NetworkPoint } from './network-point'
import { type Piece, pieceOf } from './piece'
import { matrixSpectrum } from './spectrum'

/** The singular values of the derivative of one value of a network by another before it. */
export interface JacobianSpectrum {
  /** Of what leaves and of what enters, the batch in them. */
  readonly rows: number
  readonly columns: number
  /** All of the matrix, or Lanczos on products with it. */
  readonly method: 'svd' | 'lanczos'
  /** Products with the Jacobian, and with its transpose, that the extremes took. */
  readonly iterations: number
  /** min(rows, columns) of them, descending; null where only the extremes were found. */
  readonly singularValues: Float32Array<ArrayBuffer> | null
  readonly largest: Bounded
  /** Of the min(rows, columns) values. Where it was not reached in the steps that were allowed, it lies between 0 and the value. */
  readonly smallest: Bounded
  readonly isConverged: boolean
  readonly frobenius: Bounded
  /** Where the values lie, where that was estimated. */
  readonly density: Density | null
}

export interface JacobianOptions extends EstimateOptions {
  /** Smaller side up to which the whole matrix is decomposed. */
  readonly exactUpTo: number
}

/** Where a piece is looked at, as far as it is not what the point says. */
export interface PieceAt {
  readonly entering?: Float32Array | undefined
  /** In the network's layout. */
  readonly parameters?: Float32Array | undefined
  /** The network with layers put behind its own. */
  readonly network?: ExpandedNetwork | undefined
}

/** Numbers of a matrix that is still decomposed whole: half a gigabyte. */
const MOST_ENTRIES = 128e6
/** Directions of one session call where images do not see each other. */
const TOGETHER = 32
/** Numbers that Lanczos may keep: a gigabyte in single precision. */
const MOST_KEPT = 256e6
/** Numbers that the forward pass of a piece may hold: four gigabytes. */
const MOST_HELD = 1e9
/** Fewer steps than these tell nothing. */
const FEWEST_STEPS = 10
/** Single precision, relative to the largest value. */
const ROUNDING = 3e-6
const SEED = 1

/**
 * Jacobians between values of a network at one point. A graph is compiled for each form of a piece and serves all pieces of that form: the
 * blocks of a stage are one. One owner, who closes it.
 */
export class JacobianMeter {
  private readonly open = new Map<string, Linearisation>()

  constructor(private readonly point: NetworkPoint) {}

  /**
   * Singular values of d(value of `to`)/d(value of `from`).
   *
   * @param place What messages call it. @param at The value of `from` at the point, where it is known; parameters in place of the point's.
   * @throws UserError where the one does not move the other, where it is too large, or not finite.
   */
  spectrum(from: number, to: number, place: string, options: JacobianOptions, at: PieceAt = {}): JacobianSpectrum {
    const piece = this.piece(from, to, place, at.network)
    const [rows, columns] = this.sides(piece)
    if (Math.min(rows, columns) <= options.exactUpTo && rows * columns <= MOST_ENTRIES) return this.whole(piece, place, at)
    const steps = Math.min(options.steps, Math.floor(MOST_KEPT / (rows + columns)))
    if (steps < FEWEST_STEPS)
      throw new UserError(`its Jacobian is a map of ${columns} values to ${rows}, too large for Lanczos`, {
        place,
        remedy: 'give fewer images, or a smaller input',
      })
    const map = this.linearised(piece, 1, at)
    const found = estimateSpectrum(map, new Random(SEED), { ...options, steps })
    if (!Number.isFinite(found.largest.value)) throw notFinite(place)
    const { steps: iterations, ...values } = found
    return { rows, columns, method: 'lanczos', iterations, singularValues: null, ...values }
  }

  /** Graphs that were compiled. */
  get graphs(): number {
    return this.open.size
  }

  /** Its products at the point, until the next piece of its form is asked for. */
  linearise(from: number, to: number, place: string, entering?: Float32Array): Linearisation {
    return this.linearised(this.piece(from, to, place), 1, { entering })
  }

  close(): void {
    for (const linearisation of this.open.values()) linearisation.close()
    this.open.clear()
  }

  private piece(from: number, to: number, place: string, network = this.point.options.network): Piece {
    const piece = pieceOf(network, from, to)
    if (!piece) throw new UserError('what leaves it does not depend on what enters it', { place })
    const held = piece.network.layers.reduce((sum, { shape }) => sum + 2 * elements(shape), 0) * this.point.options.count
    if (held > MOST_HELD)
      throw new UserError(`its forward pass holds ${(held / 2.5e8).toFixed(0)} GB at ${this.point.options.count} images`, {
        place,
        remedy: 'give fewer images, or a shorter piece',
      })
    return piece
  }

  private sides({ network }: Piece): [rows: number, columns: number] {
    const of = (layer: number): number => elements(network.layers[layer]!.shape) * this.point.options.count
    return [of(network.layers.length - 1), of(0)]
  }

  /** @param copies Times that the point's images enter side by side, where they do not see each other. */
  private linearised(piece: Piece, copies: number, { entering, parameters }: PieceAt): Linearisation {
    const { mode, count, threads } = this.point.options
    const key = `${copies} ${piece.signature}`
    let linearisation = this.open.get(key)
    if (!linearisation) {
      linearisation = new Linearisation(piece, { mode, threads, count: count * copies })
      this.open.set(key, linearisation)
    }
    const sides = piece.entering.slice(entering ? 1 : 0)
    const given = [...(entering ? [entering] : []), ...(sides.length > 0 ? this.point.values(sides) : [])]
    linearisation.moveTo(
      this.point.pointOf(
        piece,
        given.map((values) => repeated(values, copies)),
        parameters,
      ),
    )
    return linearisation
  }

  /** All of the matrix, from its shorter side: columns by directions, rows by cotangents. */
  private whole(piece: Piece, place: string, at: PieceAt): JacobianSpectrum {
    const [rows, columns] = this.sides(piece)
    const copies = this.point.options.mode === 'inference' ? Math.min(TOGETHER, rows, columns) : 1
    const linearisation = this.linearised(piece, copies, at)
    const side = columns < rows ? 'direction' : 'cotangent'
    const [count, each] = side === 'direction' ? [columns, rows] : [rows, columns]
    const values = new Float32Array(rows * columns)
    for (let first = 0; first < count; first += copies) {
      const asked = Math.min(copies, count - first)
      const units = new Float32Array(count * copies)
      for (let i = 0; i < asked; i++) units[i * count + first + i] = 1
      values.set(linearisation.product(side, units).subarray(0, asked * each), first * each)
    }
    if (!values.every(Number.isFinite)) throw notFinite(place)
    const singularValues = matrixSpectrum(values, count, each).slice()
    const largest = singularValues[0]!
    const error = largest * ROUNDING
    const squares = values.reduce((sum, value) => sum + value * value, 0)
    return {
      ...{ rows, columns, method: 'svd', iterations: count, singularValues, isConverged: true, density: null },
      largest: { value: largest, error },
      smallest: { value: singularValues[singularValues.length - 1]!, error },
      frobenius: { value: Math.sqrt(squares), error: Math.sqrt(squares) * ROUNDING },
    }
  }
}

const notFinite = (place: string): UserError => new UserError('its Jacobian holds values that are not finite', { place })

function repeated(values: Float32Array, times: number): Float32Array {
  if (times === 1) return values
  const all = new Float32Array(values.length * times)
  for (let i = 0; i < times; i++) all.set(values, i * values.length)
  return all
}
