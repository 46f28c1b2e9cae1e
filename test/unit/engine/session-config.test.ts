import { describe, expect, it } from 'vitest'
import { encodeSessionConfig } from '../../../main/engine/tensorflow/saved-model'

describe('the options of a session', () => {
  it('count no GPU where it is to stay on the CPU, and say nothing of devices elsewhere', () => {
    const options = { threads: 2, parallelOperations: 1 }
    const none = Buffer.from(encodeSessionConfig({ ...options, isOnCpu: true }))
    // ConfigProto.device_count, field 1: a map's entry, { key: "GPU", value: 0 }.
    expect(none.subarray(0, 4)).toEqual(Buffer.from([0x0a, none[1]!, 0x0a, 0x03]))
    expect(none.subarray(4, 7).toString()).toBe('GPU')
    expect(Buffer.from(encodeSessionConfig(options)).includes('GPU')).toBe(false)
  })
})
