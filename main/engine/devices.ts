import { readdirSync } from 'node:fs'
import os from 'node:os'
import type { Parts } from '../../shared/parts'
import { missingDevice } from './missing-device'
import { tensorflow } from './tensorflow/binding'

/** True where TensorFlow found a GPU and will compute on it. */
export function isGpu(): boolean {
  return tensorflow().isUsingGpuDevice()
}

/** What `execution.device` may name here. */
export function devices(): string[] {
  return ['cpu', ...Array.from({ length: gpuCount() }, (_, i) => `gpu:${i}`)]
}

/** TensorFlow's binding says whether there is one; Linux has a file for each. */
function gpuCount(): number {
  if (!isGpu()) return 0
  try {
    return Math.max(1, readdirSync('/dev').filter((name) => /^nvidia\d+$/.test(name)).length)
  } catch {
    return 1
  }
}

/** @throws UserError where a GPU is asked for and TensorFlow finds none. */
export function checkDevice(device: string): void {
  if (device.startsWith('gpu') && !isGpu()) throw missingDevice(device, devices())
}

/** What computes, for people: the CPU's model and cores, or GPU. */
export function deviceName(threads: number, { kind, count }: Parts = { kind: 'devices', count: 1 }): string {
  const several = count === 1 ? '' : ` × ${count} ${kind}`
  if (isGpu()) return `GPU${several}`
  const model = os.cpus()[0]?.model.trim() ?? 'CPU'
  return `${model}, ${threads} ${threads === 1 ? 'thread' : 'threads'}${several}`
}
