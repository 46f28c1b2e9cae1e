import type { ComputedRef } from 'vue'
import type { SeedArm } from '../../shared/seed-differences'
import { sameWhile } from './same-while'

/** Runs over seeds as arms. Runs that go on change with every word of the list, and are judged once they are done. */
export const useArms = (make: () => readonly SeedArm[]): ComputedRef<readonly SeedArm[]> =>
  sameWhile(make, (arms) =>
    arms.map(({ label, runs }) => [
      label,
      runs.map(({ seed, state, measures, sets }) => (state === 'done' ? [seed, measures, sets] : [seed])),
    ]),
  )
