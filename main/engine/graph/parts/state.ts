import { DATA_TYPE } from '../node'
import type { Constants } from '../groups'
import type { GraphContext, StateVector } from './context'

/** What a setter is fed with: a vector of the state, or one of the constants. */
export const STATE_FEED = { value: 'value', constant: 'constant_value' } as const

/** The name under which a vector is set. */
export const setterOf = (vector: string): string => `set_${vector}`

const FLOAT = { type: DATA_TYPE.float } as const

/** Ways to read and to set each vector of the state, and to set what no step changes. @returns the vectors that there are. */
export function stateAccess({ g, state, parameters }: GraphContext, constants: Constants): readonly StateVector[] {
  const value = g.placeholder(STATE_FEED.value, [-1])
  // A fed tensor may be the caller's own memory, which an update in place would then write into.
  const copy = g.tensor('DeepCopy', [value], value.shape, { T: FLOAT })
  const vectors = (Object.keys(state) as StateVector[]).filter((name) => state[name] !== undefined)
  for (const name of vectors) {
    g.named(name, g.read(state[name]!))
    g.after(g.constant(1), [g.assign(state[name]!, copy)], setterOf(name))
  }
  constantSetters({ g, parameters }, Object.keys(constants))
  return vectors
}

function constantSetters({ g, parameters }: Pick<GraphContext, 'g' | 'parameters'>, names: readonly string[]): void {
  if (names.length === 0) return
  const value = g.placeholder(STATE_FEED.constant, [parameters.length])
  const copy = g.tensor('DeepCopy', [value], value.shape, { T: FLOAT })
  // A variable of the same shared name is the same variable.
  for (const name of names) g.after(g.constant(1), [g.assign(g.variable(name, [parameters.length]), copy)], setterOf(name))
}
