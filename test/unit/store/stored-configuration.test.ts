import { describe, expect, it } from 'vitest'
import { Configuration } from '../../../shared/configuration'
import { readConfiguration, writeConfiguration } from '../../../main/store/stored-configuration'
import { networkFromPreset } from '../../../shared/architecture'

const network = networkFromPreset('plain:blocks=1')

describe('a configuration of an older form', () => {
  it('keeps the schedule that its run began with', () => {
    for (const schedule of ['cosine', 'one-cycle'])
      expect(readConfiguration({ network, training: { schedule } })).toMatchObject({
        problems: [],
        configuration: { training: { schedule, scheduleForm: 1 } },
      })
    expect(readConfiguration({ network, training: {} }).configuration.training.scheduleForm).toBe(2)
  })

  it('is not what a run of today is read as', () => {
    const today = Configuration.parse({ network, training: { schedule: 'cosine' } })
    const { configuration, problems } = readConfiguration(JSON.parse(writeConfiguration(today)))
    expect(problems).toEqual([])
    expect(configuration).toEqual(today)
    // As a bundle holds it, without its version.
    expect(readConfiguration(JSON.parse(JSON.stringify(today))).configuration).toEqual(today)
  })

  it('has device, threads and recomputation as its execution', () => {
    const training = { schedule: 'cosine', threads: 2, device: 'cpu', recompute: 3 }
    for (const older of [
      { network, training },
      { network, training, version: 2 },
    ]) {
      const { configuration, told, problems } = readConfiguration(older)
      expect(problems).toEqual([])
      expect(configuration.execution).toEqual({ threads: 2, device: 'cpu', recompute: 3 })
      expect(told['training']).not.toHaveProperty('threads')
    }
  })
})
