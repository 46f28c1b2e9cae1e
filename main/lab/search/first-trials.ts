import { type ExperimentDefinition, TRIALS } from '../../../shared/experiments/experiment'
import { sequence } from '../../../shared/search/sequence'
import { trialLabel } from '../../../shared/search/trial-words'

/**
 * A search as the grid that its trials would be if all were chosen without a look at results and trained whole: what it costs at most. A definition of another kind
 * stays as it is.
 */
export function firstTrialsOf(definition: ExperimentDefinition, most = Infinity): ExperimentDefinition {
  const { search } = definition
  if (!search) return definition
  const variants: { label: string; set: Record<string, unknown> }[] = []
  for (const values of sequence(search)) {
    variants.push({ label: trialLabel(variants.length + 1, search.space, values), set: { ...values } })
    if (variants.length >= Math.min(search.trials, most)) break
  }
  return { ...definition, axes: [{ name: TRIALS, variants }] }
}
