import type { PresetInfo, RequestInput, RunDetail } from '../../shared/api'
import { Training } from '../../shared/configuration'
import type { Recipe } from '../../shared/recipes'
import { askedLength } from '../../shared/run-length'
import {
  fill,
  readValues,
  replace,
  type SettingProblems,
  type SettingValues,
  usualValues,
} from '../setting-fields/setting-values'
import { parsePresetWords } from './preset-words'

const LONGEST_NAME = 200

/** What the fields hold. */
export interface RunForm {
  name: string
  preset: string
  /** Of the preset. */
  options: Record<string, string>
  settings: SettingValues
}

/** The form with the defaults of the settings' own schemas. */
export function emptyForm(): RunForm {
  return { name: '', preset: '', options: {}, settings: usualValues() }
}

/** The settings of a run that exists, to start from. */
export function formOf({ configuration, progress }: RunDetail): RunForm {
  const { preset, data, training, execution, seed } = configuration
  const form = { ...emptyForm(), ...(preset ? parsePresetWords(preset) : {}) } as RunForm
  replace(form.settings, { data, training: askedLength(training, progress.stepsPerEpoch), execution, seed }, () => true)
  return form
}

/** Sets what the preset's paper trains it with. */
export function applyRecommended(form: RunForm, { projection, whitening, nesterov, init }: PresetInfo['recommended']): void {
  const repairs = { projection: { layers: projection }, whitening: { layers: whitening ? 'all' : 'none' } }
  fill(form.settings, { training: { ...repairs, nesterov, init } })
}

/** Sets what was published; the data, the seed and the machine's settings stay. */
export function applyRecipe(form: RunForm, recipe: Recipe): void {
  const training = Training.parse(recipe.training)
  replace(form.settings, { training }, ({ path }) => path.startsWith('training.'))
}

/** The request of the form, or what is wrong with its fields. `network` is asked of the caller: words or a document. */
export function requestOf(
  form: RunForm,
  network: RequestInput<'runs.start'>['network'],
): { request: RequestInput<'runs.start'>; problems: null } | { request: null; problems: SettingProblems } {
  const { tree, problems: wrong } = readValues(form.settings)
  const name = form.name.trim()
  const problems = name.length > LONGEST_NAME ? { ...wrong, name: `must have at most ${LONGEST_NAME} characters` } : wrong
  if (Object.keys(problems).length > 0) return { request: null, problems }
  // Plain data: what is reactive cannot travel to the lab.
  const settings = JSON.parse(JSON.stringify(tree)) as Omit<RequestInput<'runs.start'>, 'network'>
  return { request: { ...(name ? { name } : {}), network, ...settings }, problems: null }
}
