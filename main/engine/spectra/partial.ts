import type { JacobianAnswer } from '../../../shared/api'
import type { ExpandedNetwork } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { elements } from '../../../shared/ops/op'
import { Random } from '../../../shared/random'
import type { JacobianMeter } from './jacobian'
import type { NamedPiece } from './pieces'

const SEED = 3

/**
 * Averaged partial Jacobian norms (Doshi, He, Gromov, arXiv 2111.12143): ‖∂x_l/∂x_1‖²_F/N_l of every boundary. Normal random vectors enter the
 * first piece and are carried through one after the other, and ‖J·v‖² is ‖J‖²_F in the mean.
 */
export class PartialNorms {
  private vectors: Float32Array[] | undefined
  private readonly names: string[] = []
  private readonly squares: number[][] = []
  private last: number | undefined

  constructor(
    private readonly network: ExpandedNetwork,
    private readonly images: number,
    private readonly probes: number,
  ) {}

  /** Takes the vectors through the next piece. @throws UserError where it does not begin at what left the last one. */
  pass({ name, to, start, end }: NamedPiece, meter: JacobianMeter, entering: Float32Array | undefined): void {
    if (!this.vectors) {
      const random = new Random(SEED)
      const length = elements(this.network.layers[start]!.shape) * this.images
      this.vectors = Array.from({ length: this.probes }, () => Float32Array.from({ length }, () => random.normal()))
    } else if (start !== this.last)
      throw new UserError('it does not begin where the one before it ends', {
        place: name,
        remedy: 'ask for partial norms of pieces that follow one another',
      })
    const map = meter.linearise(start, end, `unit "${name}"`, entering)
    this.vectors = this.vectors.map((vector) => map.product('direction', vector))
    this.names.push(to)
    this.squares.push(this.vectors.map((vector) => vector.reduce((sum, value) => sum + value * value, 0) / vector.length))
    this.last = end
  }

  found(): JacobianAnswer['partial'] {
    const means = this.squares.map((squares) => squares.reduce((sum, square) => sum + square, 0) / this.probes)
    const deviations = this.squares.map((squares, i) => {
      const sum = squares.reduce((total, square) => total + (square - means[i]!) ** 2, 0)
      return this.probes > 1 ? Math.sqrt(sum / (this.probes - 1)) : NaN
    })
    return {
      boundaries: this.names,
      norms: Float64Array.from(means),
      deviation: Float64Array.from(deviations),
      probes: this.probes,
    }
  }
}
