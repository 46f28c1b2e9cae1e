import { missingDevice } from '../engine/missing-device'
import type { EngineDescription, EngineTask } from '../engine/protocol'

/**
 * Sees that a device is there before a run for it is stored; what is `auto` or the CPU needs no asking.
 *
 * @throws UserError that names the devices there are.
 */
export async function requireDevice(device: string, task: <T>(question: EngineTask) => Promise<T>): Promise<void> {
  if (!device.startsWith('gpu')) return
  const { choices } = await task<EngineDescription>({ kind: 'describe' })
  if (!choices.includes(device)) throw missingDevice(device, choices)
}
