import { presetOf } from '../../../shared/architecture/resolve'
import { isUserError } from '../../../shared/errors'
import { ExperimentDefinition } from '../../../shared/experiments/experiment'
import { readSeeds, SEEDS_ARE } from '../../../shared/experiments/seeds-text'
import { measures } from '../../../shared/measures'
import { numberText } from '../../../shared/number-range'
import { complaintOf } from '../../../shared/plain-words'
import { readAxis } from '../../../shared/search/read-space'
import { SEARCH_BOUNDS } from '../../../shared/search/search'
import { isInterval, type SearchAxis } from '../../../shared/search/space'
import { valueText } from '../../../shared/search/trial-words'
import { axisPaths } from '../axis-entry'
import type { BaseSettings } from '../base-settings'

/** A setting that is searched, and what it may be, in the words of the command line: `0.001..1`, `sgd|adam`. */
export interface SpaceRow {
  readonly path: string
  readonly text: string
}

/** What `normlab search` asks, as it was typed. */
export interface SearchForm {
  name: string
  network: string
  rows: SpaceRow[]
  sampler: string
  trials: string
  measure: string
  at: string
  seeds: string
  searchSeed: string
  ahead: string
  from: string
  factor: string
}

export const usualSearch = (): SearchForm => ({
  ...{ name: '', network: 'proc-resnet:blocks=3', rows: [{ path: 'training.rate', text: '0.001..1' }] },
  ...{ sampler: 'sobol', trials: '20', measure: 'testAccuracy', at: 'end', seeds: '1', searchSeed: '1' },
  ...{ ahead: '1', from: '1', factor: '3' },
})

export const SAMPLER_WORDS = {
  sobol: 'evenly, by Sobol’s sequence',
  random: 'uniformly at random',
  bayes: 'by a Gaussian process through the results',
  halving: 'evenly, and all but the best are ended early',
} as const

/** The measures that can judge; those of epochs alone where trials are ended early, or the best epoch counts. */
export const objectives = (ofEpochs: boolean) =>
  measures.filter(({ better, epoch }) => better !== null && (!ofEpochs || epoch !== undefined))

/** What can be searched: settings, and the options of the network where it is a preset's words. */
export function searchedPaths(network: string): readonly { readonly path: string; readonly label: string }[] {
  return [...axisPaths, ...optionsOf(network).map((name) => ({ path: `network.${name}`, label: `Network: ${name}` }))]
}
/** The options of the preset; none while its name is no preset's yet. */
function optionsOf(network: string): string[] {
  try {
    return presetOf(network).options.map(({ name }) => name)
  } catch (error) {
    if (!isUserError(error)) throw error
    return []
  }
}

/** A row as an axis, or what is wrong with it in one sentence. */
export function readRow({ path, text }: SpaceRow): SearchAxis | string {
  if (text.trim() === '') return 'Say what it may be: two ends like 0.001..1, or choices like 16|32|64.'
  try {
    return readAxis(`${path}=${text.trim()}`, '')
  } catch (error) {
    if (!isUserError(error)) throw error
    const { remedy } = error.options
    return sentence(`${error.problem.replace(/ in ".*"$/, '')}${remedy ? `; ${remedy}` : ''}`)
  }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** `evenly by factors from 0.001 to 1`, `16, 32 or 64`. */
export function axisWords(axis: SearchAxis): string {
  if (isInterval(axis)) {
    const ends = `from ${numberText(axis.low)} to ${numberText(axis.high)}`
    return axis.whole ? `whole numbers ${ends}` : axis.scale === 'log' ? `by factors, ${ends}` : `evenly, ${ends}`
  }
  const words = axis.choices.map((choice) => valueText(axis.path, choice))
  return `${words.slice(0, -1).join(', ')} or ${words[words.length - 1]!}`
}

type NumberField = 'trials' | 'searchSeed' | 'ahead' | 'from' | 'factor'
const RANGES: Readonly<Record<NumberField, readonly [least: number, most: number]>> = {
  ...SEARCH_BOUNDS,
  searchSeed: SEARCH_BOUNDS.seed,
}
/** Which method has a field of its own. */
const OF_SAMPLER: Readonly<Partial<Record<NumberField, string>>> = { ahead: 'bayes', from: 'halving', factor: 'halving' }

export interface ReadSearch {
  readonly definition: ExperimentDefinition | null
  /** What is wrong with a field, beside it. */
  readonly fields: Readonly<Partial<Record<keyof SearchForm, string>>>
  /** What is wrong with each setting that is searched. */
  readonly rows: readonly (string | undefined)[]
  /** What is wrong with the whole, and no field says. */
  readonly problem: string | null
}

/** The form as a definition; fields of another method are not looked at. */
export function readSearch(form: SearchForm, base: BaseSettings): ReadSearch {
  const fields: Partial<Record<keyof SearchForm, string>> = {}
  const number = (name: NumberField): number => {
    const [least, most] = RANGES[name]
    const text = form[name].trim()
    const value = /^\d+$/.test(text) ? Number(text) : NaN
    if (value >= least && value <= most) return value
    const isHere = OF_SAMPLER[name] === undefined || OF_SAMPLER[name] === form.sampler
    if (isHere) fields[name] = `a whole number from ${least} to ${most.toLocaleString('en')}`
    return least
  }
  const search = {
    ...{ sampler: form.sampler, objective: { measure: form.measure, at: form.at }, trials: number('trials') },
    ...{ seed: number('searchSeed'), ahead: number('ahead'), halving: { from: number('from'), factor: number('factor') } },
  }
  const seeds = readSeeds(form.seeds)
  if (!seeds) fields.seeds = SEEDS_ARE
  if (form.network.trim() === '') fields.network = 'a preset’s words are needed'
  const axes = form.rows.map(readRow)
  const rows = axes.map((axis) => (typeof axis === 'string' ? axis : undefined))
  const refuse = (problem: string | null): ReadSearch => ({ definition: null, fields, rows, problem })
  if (form.rows.length === 0) return refuse('There is no setting to search: add one.')
  if (Object.keys(fields).length > 0 || rows.some((row) => row !== undefined)) return refuse(null)
  const name = form.name.trim() === '' ? `search of ${form.network.trim()}` : form.name.trim()
  const checked = ExperimentDefinition.safeParse({
    ...{ name: name.slice(0, 200), base: { network: form.network.trim(), ...base }, seeds: seeds ?? [] },
    search: { space: axes, ...search },
  })
  if (checked.success) return { definition: checked.data, fields, rows, problem: null }
  const { path, message } = complaintOf(checked.error)
  return refuse(`${path.map(String).join('.')}: ${message}.`)
}
