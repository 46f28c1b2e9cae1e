import os from 'node:os'
import { UserError } from '../../shared/errors'
import { tensorflow } from './tensorflow/binding'

/** True where TensorFlow found a GPU and will compute on it. */
export function isGpu(): boolean {
  return tensorflow().isUsingGpuDevice()
}

/** @throws UserError where a GPU is asked for and TensorFlow finds none. */
export function checkDevice(device: string): void {
  if (device.startsWith('gpu') && !isGpu())
    throw new UserError(`there is no ${device} that TensorFlow can use here`, {
      place: 'training.device',
      remedy: 'choose cpu or auto; normlab doctor lists the devices',
    })
}

/** What computes, for people: the CPU's model and cores, or GPU. */
export function deviceName(threads: number): string {
  if (isGpu()) return 'GPU'
  const model = os.cpus()[0]?.model.trim() ?? 'CPU'
  return `${model}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}
