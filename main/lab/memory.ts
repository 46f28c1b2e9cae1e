import { readFileSync } from 'node:fs'
import os from 'node:os'
import { type ExpandedNetwork, trainingMemory } from '../../shared/architecture'
import type { Execution, Training } from '../../shared/configuration'
import { UserError } from '../../shared/errors'
import { elements } from '../../shared/ops/op'

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

/** About what a run takes with all that is beside its network, bytes. */
export function neededMemory(
  network: ExpandedNetwork,
  { batch, recompute }: Pick<Training, 'batch'> & Pick<Execution, 'recompute'>,
): number {
  const { perImage, fixed } = takenMemory(network, recompute)
  return BASE_BYTES + fixed + batch * perImage
}

function takenMemory(network: ExpandedNetwork, recompute: number): ReturnType<typeof trainingMemory> {
  const { perImage, fixed } = trainingMemory(network, recompute)
  return { perImage: perImage + preparedBytes(network), fixed }
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
  {
    batch,
    recompute,
    canRecompute = true,
  }: Pick<Training, 'batch'> & Pick<Execution, 'recompute'> & { readonly canRecompute?: boolean },
  machine = { total: machineMemory(), available: availableMemory() },
): string | undefined {
  const { perImage, fixed } = takenMemory(network, recompute)
  const needed = neededMemory(network, { batch, recompute })
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
