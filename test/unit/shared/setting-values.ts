import fc from 'fast-check'
import { type PlacedSetting, settings } from '../../../shared/settings'
import { fieldOf } from '../../../shared/settings/field'
import { type SettingsTree, putAt } from '../../../shared/settings/values'

const pattern = fc.string({ minLength: 1, maxLength: 12 })
const weight = fc.double({ min: 0, max: 1e6, noNaN: true }).map(positive)

/** Values of the settings that are neither number, word nor truth value. */
const others: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'data.name': fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  'data.trainSplit': fc.stringMatching(/^[a-z][a-z0-9 -]{0,18}[a-z]$/),
  'data.testSplit': fc.stringMatching(/^[a-z][a-z0-9 -]{0,18}[a-z]$/),
  'training.milestones': fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }).map(positive), { maxLength: 5 }),
  'training.groups': fc.array(
    fc.record({ parameters: pattern, rateFactor: weight, weightDecay: weight }, { requiredKeys: ['parameters', 'rateFactor'] }),
    { maxLength: 3 },
  ),
  'training.projection.layers': layers('transitions', 'all', 'none'),
  'training.whitening.layers': layers('all', 'none'),
  'training.clip.layers': layers('transitions', 'all', 'none'),
  'training.clip.interval': fc
    .tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }))
    .map((ends) => ends.map(positive).sort((a, b) => a - b)),
  'training.orthogonality.layers': layers('transitions', 'all'),
  'training.spectra.layers': layers('transitions', 'all'),
  'training.alarms': fc.array(
    fc.record({
      measure: fc.constantFrom('loss', 'coveringC', 'chainRatio'),
      side: fc.constantFrom('above', 'below'),
      value: fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(positive),
      steps: fc.integer({ min: 1, max: 1000 }),
      action: fc.constantFrom('mark', 'notify', 'pause'),
    }),
    { maxLength: 3 },
  ),
  'execution.device': fc.constantFrom('auto', 'cpu', 'gpu:0', 'gpu:12'),
}

function layers(...words: string[]): fc.Arbitrary<unknown> {
  return fc.oneof(fc.constantFrom(...words), fc.array(pattern, { minLength: 1, maxLength: 3 }))
}

/** Without the negative zero, which is written as 0. */
function positive(value: number): number {
  return value === 0 ? 0 : value
}

function valueOf(setting: PlacedSetting): fc.Arbitrary<unknown> {
  const { kind, range, choices } = fieldOf(setting)
  const other = others[setting.path]
  if (other) return other
  if (kind === 'choice') return fc.constantFrom(...choices)
  if (kind === 'switch') return fc.boolean()
  const { least, most, leastIsOut } = range!
  const ends = { min: least ?? -1e9, max: most ?? 1e9 }
  if (range!.kind === 'integer') return fc.integer(ends)
  return fc.double({ ...ends, minExcluded: leastIsOut ?? false, noNaN: true }).map(positive)
}

/** Any settings that a run may have, each given or left out. */
export const anySettings: fc.Arbitrary<SettingsTree> = fc
  .tuple(...settings.map((setting) => fc.option(valueOf(setting), { nil: undefined })))
  .map((values) => {
    const tree: SettingsTree = {}
    values.forEach((value, i) => {
      if (value !== undefined) putAt(tree, settings[i]!.path, value)
    })
    return tree
  })
