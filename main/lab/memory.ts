import { readFileSync } from 'node:fs'
import os from 'node:os'
import { type ExpandedNetwork, trainingMemory } from '../../shared/architecture'
import type { Execution, Training } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import { elements } from '../../shared/ops/op'
import { optimisers, type OptimiserDefinition } from '../../shared/optimisers'
import { parameterLayout } from '../engine/graph/layout'
import { ownersOf } from '../engine/graph/update/owners'
import { optimiserSettings } from '../engine/graph/update/settings'
import { sideLayout } from '../engine/graph/update/side-layout'

/** Bytes of an image in the batches that are prepared ahead: two at least, and more of them only while they take little (engine/batches/ring.ts). */
const preparedBytes = ({ layers, input }: ExpandedNetwork): number => 2 * 4 * elements(layers[input]!.shape)

/** What TensorFlow, its libraries and the program take beside a network, bytes: measured 0.45 GB on Linux. */
const BASE_BYTES = 0.5e9

/** Memory that can be had without swapping, bytes. */
export function availableMemory(): number {
  try {
    const kilobytes = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {
    // Another system than Linux.
  }
  return os.freemem()
}

/** Memory that the machine has, bytes. */
export function machineMemory(): number {
  return os.totalmem()
}

/** What memory depends on beside the network; without an optimiser none that keeps matrices. */
type Asked = Partial<Training> & Pick<Training, 'batch'> & Pick<Execution, 'recompute'>

/** About what a run takes with all that is beside its network, bytes. */
export function neededMemory(network: ExpandedNetwork, asked: Asked): number {
  const { perImage, fixed } = takenMemory(network, asked)
  return BASE_BYTES + fixed + asked.batch * perImage
}

function takenMemory(network: ExpandedNetwork, asked: Asked): ReturnType<typeof trainingMemory> {
  const { perImage, fixed } = trainingMemory(network, asked.recompute)
  return { perImage: perImage + preparedBytes(network), fixed: fixed + matrixBytes(network, asked) }
}

/** Of the squares that optimisers keep for the sides of kernels, and as many that take their places. */
function matrixBytes(network: ExpandedNetwork, training: Partial<Training>): number {
  const asked = [training.optimiser, ...(training.groups ?? []).map((group) => group.optimiser)]
  // Most runs have none, and a thousand layers are not laid out for that.
  if (!asked.some((name) => name !== undefined && (optimisers[name] as OptimiserDefinition).matrices)) return 0
  const layout = parameterLayout(network)
  const { lengths } = sideLayout(network, layout, ownersOf(network, layout, training), optimiserSettings(training))
  return [...lengths].reduce((sum, [{ matrices = [] }, length]) => sum + 2 * 4 * matrices.length * length, 0)
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

/**
 * Whether a run on the CPU fits the machine's memory.
 *
 * @returns a sentence for a run that needs more than is free now; undefined where it fits.
 * @throws UserError where it needs more than the machine has.
 */
export function checkMemory(
  network: ExpandedNetwork,
  { canRecompute = true, ...asked }: Asked & { readonly canRecompute?: boolean },
  machine = { total: machineMemory(), available: availableMemory() },
): string | undefined {
  const { batch, recompute } = asked
  const { perImage, fixed } = takenMemory(network, asked)
  const needed = BASE_BYTES + fixed + batch * perImage
  const remedy = (room: number): string => {
    const fitting = Math.floor((room - BASE_BYTES - fixed) / perImage)
    const smaller = fitting >= 1 ? `a batch of ${fitting} would fit` : 'not even one image would fit'
    return recompute > 0 || !canRecompute ? smaller : `${smaller}, or recompute=1 would take less`
  }
  if (needed > machine.total)
    throw new UserError(
      `a step with a batch of ${batch} needs about ${gigabytes(needed)}, this machine has ${gigabytes(machine.total)}`,
      {
        place: 'training.batch',
        remedy: remedy(machine.total),
      },
    )
  if (needed <= machine.available) return undefined
  return `a step with a batch of ${batch} needs about ${gigabytes(needed)}, and ${gigabytes(machine.available)} are free; ${remedy(machine.available)}`
}
