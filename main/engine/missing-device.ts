import { UserError } from '../../shared/errors'

/** @param there The devices that there are. */
export function missingDevice(device: string, there: readonly string[]): UserError {
  return new UserError(`there is no ${device} that TensorFlow can use here, only ${there.join(', ')}`, {
    place: 'execution.device',
    remedy: 'choose one of these, or auto; normlab doctor says what a GPU needs',
  })
}
