import { missingDevice } from '../engine/missing-device'
import type { Ask } from './engine-handlers'

/**
 * Sees that a device is there before a run for it is stored; what is `auto` or the CPU needs no asking.
 *
 * @throws UserError that names the devices there are.
 */
export async function requireDevice(device: string, ask: Ask): Promise<void> {
  if (!device.startsWith('gpu')) return
  const { choices } = await ask('describe', {})
  const missing = device.split(',').find((name) => !choices.includes(name))
  if (missing !== undefined) throw missingDevice(missing, choices)
}
