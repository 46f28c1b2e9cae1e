import os from 'node:os'
import { tensorflow } from './tensorflow/binding'

/** True where TensorFlow found a GPU and will compute on it. */
export function isGpu(): boolean {
  return tensorflow().isUsingGpuDevice()
}

/** What computes, for people: the CPU's model and cores, or GPU. */
export function deviceName(threads: number): string {
  if (isGpu()) return 'GPU'
  const model = os.cpus()[0]?.model.trim() ?? 'CPU'
  return `${model}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}
