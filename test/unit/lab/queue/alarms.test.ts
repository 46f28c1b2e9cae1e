import { describe, expect, it } from 'vitest'
import { AlarmWatch } from '../../../../main/lab/queue/alarms'
import { settingAt } from '../../../../shared/settings'
import { type AlarmRule, AlarmRule as Rule, alarmText } from '../../../../shared/settings/alarms'
import { readValue } from '../../../../shared/settings/field'
import type { StepRecord } from '../../../../shared/records'

const blocks = [{ kind: 'block' as const }, { kind: 'block' as const }]
/** A step whose gradients have these norms at the boundaries, from the input to the output. */
const step = (number: number, loss: number, norms: readonly number[] = []): StepRecord => ({
  ...{ step: number, epoch: 1, loss, accuracy: 0.5, rate: 0.1, ms: 1, waitedMs: 0 },
  norms: Float32Array.from(norms),
})
const rule = (told: Partial<AlarmRule> & Pick<AlarmRule, 'measure' | 'value'>): AlarmRule =>
  Rule.parse({ side: 'above', ...told })
const raised = (rules: AlarmRule[], steps: StepRecord[]): number[] =>
  new AlarmWatch(rules).add(steps, blocks).map((one) => one.step)

describe('alarms', () => {
  it('are raised when a rule has held for so many steps on end, and again only when it has not in between', () => {
    const losses = [1, 3, 3, 1, 3, 3, 3, 3, 1, 3, 3, 3]
    const steps = losses.map((loss, i) => step(i + 1, loss))
    expect(raised([rule({ measure: 'loss', value: 2, steps: 3 })], steps)).toEqual([7, 12])
    expect(raised([rule({ measure: 'loss', value: 2 })], steps)).toEqual([2, 5, 10])
    expect(raised([rule({ measure: 'loss', value: 2, side: 'below', steps: 2 })], steps)).toEqual([])
  })

  it('pass over steps without norms where the rule is on ratios, and count what is no number as too much', () => {
    // Each block halves the gradient: ratios of 1/2, a deviation of 1/2.
    const [far, near, none] = [[1, 2, 4], [4, 4, 4], []]
    const steps = [far, none, far, near, far, none, none, far].map((norms, i) => step(i + 1, 1, norms))
    expect(raised([rule({ measure: 'deviation', value: 0.4, steps: 2 })], steps)).toEqual([3, 8])
    expect(raised([rule({ measure: 'loss', value: 5 })], [step(1, NaN)])).toEqual([1])
  })

  it('go on over bundles of steps, and say what was measured', () => {
    const watch = new AlarmWatch([rule({ measure: 'loss', value: 2, steps: 2, action: 'pause' })])
    expect(watch.add([step(1, 2.51234)], blocks)).toEqual([])
    expect(watch.add([step(2, 2.61234)], blocks)[0]!.message).toBe(
      'alarm: training loss was above 2 for 2 measured steps, 2.612 at the last; the run is paused',
    )
  })

  it('are written in words, and a wrong word is told', () => {
    const setting = settingAt('training.alarms')!
    const read = (text: string): unknown => readValue(setting, text)
    expect(read('coveringC > 0.1 for 10: pause; loss < 1e-3')).toEqual({
      value: [
        { measure: 'coveringC', side: 'above', value: 0.1, steps: 10, action: 'pause' },
        { measure: 'loss', side: 'below', value: 0.001, steps: 1, action: 'notify' },
      ],
    })
    expect(alarmText(rule({ measure: 'coveringC', value: 0.1, steps: 10 }))).toBe('coveringC > 0.1 for 10: notify')
    for (const [text, must] of [
      ['loss', /like coveringC > 0.1/],
      ['los > 3', /perhaps loss/],
      ['loss > three', /./],
      ['loss > 3: shout', /./],
    ] as const)
      expect(read(text)).toMatchObject({ must: expect.stringMatching(must) as unknown })
  })
})
