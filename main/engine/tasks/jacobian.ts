import os from 'node:os'
import type { Alignment, JacobianPiece, JacobianSpectrum } from '../../../shared/api'
import { branchOf, expand, type ExpandedNetwork, networkFromDocument } from '../../../shared/architecture'
import { elements } from '../../../shared/ops/op'
import { parameterLayout } from '../graph/layout'
import type { JacobianFound, JacobianTask, TaskProgress } from '../questions'
import { alignmentOf, largestTriplets, type Triplets } from '../spectra/alignment'
import { JacobianMeter, type PieceAt } from '../spectra/jacobian'
import { NetworkPoint, type NetworkPointOptions } from '../spectra/network-point'
import { PartialNorms } from '../spectra/partial'
import { type NamedPiece, piecesOf } from '../spectra/pieces'
import { withL2Pooling } from '../spectra/pooled'
import { projectedParameters, whitenedLayersOf } from '../spectra/repaired'
import { imagesAt, weightsAt } from './linearisation-point'

/** Numbers that boundaries' values may take at once: half a gigabyte. */
const MOST_VALUES = 128e6
/** Steps from each random vector of an estimate of all values. */
const PROBE_STEPS = 30

/**
 * The singular values of the Jacobians of a network's pieces at real data.
 *
 * @throws UserError where files, network and pieces do not fit, or a Jacobian is too large or not finite.
 */
export async function measureJacobians(task: JacobianTask, tell: (progress: TaskProgress) => void): Promise<JacobianFound> {
  const began = performance.now()
  tell({ phase: 'compiling' })
  const network = expand(networkFromDocument(task.network))
  const pieces = piecesOf(network, task.pieces)
  const values = await weightsAt(network, task)
  const images = imagesAt(network, task)
  const threads = task.threads ?? os.cpus().length
  const upTo = Math.max(...pieces.map(({ end }) => end))
  const point = new NetworkPoint({ network, mode: task.mode, threads, ...values, ...images }, upTo)
  const meter = new JacobianMeter(point)
  try {
    const entering = boundaryValues(point, pieces)
    const partial = task.partialProbes > 0 ? new PartialNorms(network, images.count, task.partialProbes) : null
    const found = pieces.map((piece, i) => {
      tell({ phase: 'measuring', done: i, total: pieces.length })
      const value = entering(piece.start)
      const told = measurePiece(task, point.options, meter, piece, value)
      partial?.pass(piece, meter, value)
      return told
    })
    return {
      ...{ mode: task.mode, images: images.count, pieces: found, graphs: meter.graphs },
      alignment: task.alignment > 0 ? alignments(task, network, meter, pieces, entering) : [],
      partial: partial?.found() ?? null,
      whitened: task.withRepairs ? whitenedLayersOf(network, parameterLayout(network), values.parameters) : [],
      seconds: (performance.now() - began) / 1000,
      peakMb: process.resourceUsage().maxRSS / 1024,
    }
  } finally {
    meter.close()
    point.close()
  }
}

function measurePiece(
  task: JacobianTask,
  { network, parameters }: NetworkPointOptions,
  meter: JacobianMeter,
  { name, from, to, kind, start, end, unit }: NamedPiece,
  entering: Float32Array | undefined,
): JacobianPiece {
  const options = { ...task.search, probeSteps: PROBE_STEPS }
  const of = (last: number, place: string, changed: Pick<PieceAt, 'parameters' | 'network'> = {}): JacobianSpectrum => {
    const spectrum = meter.spectrum(start, last, place, options, { entering, ...changed })
    return { ...spectrum, density: spectrum.density && { ...spectrum.density, probes: options.probes } }
  }
  const branch = unit && branchOf(network, unit)
  const isRepaired = task.withRepairs && unit !== undefined && unit.kind !== 'block'
  const projected = isRepaired ? projectedParameters(network, parameterLayout(network), parameters, unit.layers) : null
  const pooled = isRepaired ? withL2Pooling(network, unit) : null
  return {
    ...{ name, from, to, kind },
    spectrum: of(end, `unit "${name}"`),
    branch: branch && task.withBranch ? of(branch.end, `the branch of "${name}"`) : null,
    hasIdentity: branch?.hasIdentity ?? false,
    repaired: projected && of(end, `unit "${name}", projected`, { parameters: projected }),
    pooled: pooled && of(pooled.end, `unit "${name}" by L2 pooling`, { network: pooled.network }),
  }
}

/** The values of all pieces' beginnings, computed in one pass where they find room. */
function boundaryValues(point: NetworkPoint, pieces: readonly NamedPiece[]): (layer: number) => Float32Array | undefined {
  const starts = [...new Set(pieces.map(({ start }) => start))]
  const { network, count } = point.options
  const numbers = starts.reduce((sum, layer) => sum + elements(network.layers[layer]!.shape) * count, 0)
  if (numbers > MOST_VALUES) return () => undefined
  const values = point.values(starts)
  const byLayer = new Map(starts.map((layer, i) => [layer, values[i]!]))
  return (layer) => byLayer.get(layer)
}

/** Of the branches of blocks of one shape; where nothing is added, of the blocks themselves. */
function alignments(
  { alignment: count }: JacobianTask,
  network: ExpandedNetwork,
  meter: JacobianMeter,
  pieces: readonly NamedPiece[],
  entering: (layer: number) => Float32Array | undefined,
): Alignment[] {
  const groups = new Map<string, NamedPiece[]>()
  for (const piece of pieces) {
    const [before, after] = [piece.start, piece.end].map((layer) => network.layers[layer]!.shape.join())
    if (piece.kind !== 'block' || before !== after) continue
    groups.set(before!, [...(groups.get(before!) ?? []), piece])
  }
  const linearised = ({ name, start, end, unit }: NamedPiece) =>
    meter.linearise(start, (unit && branchOf(network, unit)?.end) ?? end, `unit "${name}"`, entering(start))
  return [...groups.values()].flatMap((blocks): Alignment[] => {
    if (blocks.length < 2) return []
    const triplets: Triplets[] = blocks.map((block) => largestTriplets(linearised(block), count, 4 * count + 12))
    const act = (i: number, directions: readonly Float32Array[]): Float32Array[] => {
      const map = linearised(blocks[i]!)
      return directions.map((direction) => map.product('direction', direction))
    }
    return [
      alignmentOf(
        blocks.map(({ name }) => name),
        triplets,
        act,
      ),
    ]
  })
}
