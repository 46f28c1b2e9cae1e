import type { JobInput } from '../../shared/api'

/** Whose spectra: as the page's address has it. `run:3` is the newest checkpoint of a run, `run:3@120` the one after step 120. */
export type SourceWord = string

type Question = Pick<JobInput<'kernels.spectra'>, 'weights' | 'network'>

/** What the lab is asked for; null for a word that says nothing. */
export function questionOf(word: SourceWord): Question | null {
  const run = /^run:(\d+)(?:@(\d+))?$/.exec(word)
  if (run) return { weights: { run: Number(run[1]), ...(run[2] !== undefined && { step: Number(run[2]) }) } }
  const item = /^item:(\d+)$/.exec(word)
  if (item) return { weights: { item: Number(item[1]) } }
  const initial = /^initial:(\d+):(.+)$/.exec(word)
  if (initial) return { weights: { seed: Number(initial[1]), init: 'he-fan-in' }, network: initial[2]! }
  return null
}

/** The same as an address of a network's page has it; null for a word that says nothing. */
export function networkQuery(word: SourceWord): { run: string } | { id: string } | { preset: string } | null {
  const found = /^(?:(run|item):(\d+)(?:@\d+)?|initial:\d+:(.+))$/.exec(word)
  if (!found) return null
  const [, kind, id, preset] = found
  return kind === undefined ? { preset: preset! } : kind === 'run' ? { run: id! } : { id: id! }
}

export const runWord = (run: number, step: number | null): SourceWord => (step === null ? `run:${run}` : `run:${run}@${step}`)
export const itemWord = (item: number): SourceWord => `item:${item}`
export const initialWord = (network: string, seed: number): SourceWord => `initial:${seed}:${network}`

/** The run of a word, and its step; null for another word. */
export function runOf(word: SourceWord | null): { run: number; step: number | null } | null {
  const found = /^run:(\d+)(?:@(\d+))?$/.exec(word ?? '')
  return found && { run: Number(found[1]), step: found[2] === undefined ? null : Number(found[2]) }
}
