import { UserError, isUserError } from '../../../shared/errors'
import { MOST_CELLS } from '../../../shared/experiments/expand'
import type { ExperimentDefinition } from '../../../shared/experiments/experiment'
import type { Search } from '../../../shared/search/search'
import { type Values, isInterval, sizeOf, valuesAt } from '../../../shared/search/space'
import { valueWords } from '../../../shared/search/trial-words'

/** Settings that a halving decides itself. */
const LENGTHS = ['training.epochs', 'training.steps', 'training.horizon']

/**
 * Looks at the ends of each axis and each choice, the others in their middle, so that what does not fit is told before anything starts.
 *
 * @param plan Throws where such a run could not start.
 * @throws UserError that names the settings that do not fit.
 */
export function checkSearch({ base, seeds }: ExperimentDefinition, search: Search, plan: (values: Values) => unknown): void {
  const { space, sampler, trials } = search
  const size = sizeOf(space)
  if (trials > size)
    throw new UserError(`the space has ${size} points, and ${trials} trials are asked for`, {
      place: 'trials',
      remedy: `take at most ${size}, or a wider space`,
    })
  if (trials * seeds.length > MOST_CELLS)
    throw new UserError(
      `${trials} trials of ${seeds.length} seeds are ${trials * seeds.length} runs, the most is ${MOST_CELLS}`,
      {
        place: 'trials',
        remedy: 'take fewer trials or seeds',
      },
    )
  if (space.some(({ path }) => path === 'seed'))
    throw new UserError('a seed is no setting to look for: its best value is luck', {
      place: 'space',
      remedy: 'give seeds to repeat each trial with',
    })
  if (sampler === 'halving') {
    const varied = space.find(({ path }) => LENGTHS.includes(path))
    if (varied) throw new UserError('successive halving decides itself how long a trial goes on', { place: varied.path })
    if (base.training['steps'] !== undefined)
      throw new UserError('successive halving judges at the ends of epochs', {
        place: 'training.steps',
        remedy: 'give the length in epochs',
      })
  }
  const middle = valuesAt(
    space,
    space.map(() => 0.5),
  )
  for (const axis of space)
    for (const value of isInterval(axis) ? [axis.low, axis.high] : axis.choices) {
      const values = { ...middle, [axis.path]: value }
      try {
        plan(values)
      } catch (error) {
        if (isUserError(error)) throw new UserError(error.message, { place: `trial with ${valueWords(space, values)}` })
        throw error
      }
    }
}
