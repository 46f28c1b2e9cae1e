import { expect, it } from 'vitest'
import { networkFromPreset } from '../../../shared/architecture/resolve'
import { Configuration } from '../../../shared/configuration'
import type { RunDetail } from '../../../shared/api'
import { methodsOf } from '../../../shared/report/methods'
import { scheduleChange } from '../../../shared/schedules/rate'

const run = (preset: string, blocks: number): RunDetail =>
  ({
    configuration: Configuration.parse({ preset, network: networkFromPreset(preset), data: { name: 'shapes10' } }),
    dataset: 'shapes10',
    units: Array.from({ length: blocks }, () => ({ kind: 'block' })),
    versions: { NormLab: '1.0.0' },
    ...{ id: 1, notices: [], measures: { ratiosNotFinite: 0 } },
  }) as unknown as RunDetail

it('the paragraph on methods counts blocks beside their networks, and calls none residual', () => {
  const beginning = (...runs: RunDetail[]): string => methodsOf(runs).split('. ')[0]!
  expect(beginning(run('plain:blocks=2', 6))).toBe('We trained plain:blocks=2, of 6 blocks, on shapes10, in one run')
  expect(beginning(run('plain:blocks=2', 6), run('resnet:blocks=2', 6))).toBe(
    'We trained 2 networks (plain:blocks=2 and resnet:blocks=2), of 6 blocks each, on shapes10, in 2 runs',
  )
  expect(beginning(run('plain:blocks=2', 6), run('plain:blocks=3', 9))).toBe(
    'We trained 2 networks (plain:blocks=2 and plain:blocks=3) on shapes10, in 2 runs',
  )
})

it('the paragraph on methods tells what its settings do not: a schedule that was stretched, and ratios that were left out', () => {
  const settings = { ...Configuration.parse(run('plain:blocks=2', 6).configuration).training, schedule: 'cosine' as const }
  const message = scheduleChange({ ...settings, epochs: 2 }, { ...settings, epochs: 4 }, 10, 5)!
  const whole = run('plain:blocks=2', 6)
  const notice = { step: 10, at: '', message }
  const told = methodsOf([{ ...whole, notices: [notice], measures: { ...whole.measures, ratiosNotFinite: 3 } }])
  expect(told).toContain(`On the way: of #1, ${message}. `)
  expect(told).toContain('Ratios that are not finite are left out of all means. ')
  expect(methodsOf([whole])).not.toMatch(/On the way|not finite/)
})
