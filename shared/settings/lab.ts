import { z } from 'zod'
import { setting } from './setting'

/** What holds for all runs of a data folder, declared as a run's settings are. */
export const parallelRuns = {
  path: 'parallelRuns',
  ...setting({
    label: 'Runs that train at the same time',
    says: 'They share the cores: two at once take about as long as one after the other, but both can be watched',
    group: 'machine',
    schema: z.number().int().min(1).max(64).default(1),
    option: { name: 'parallel-runs', says: 'runs that train at the same time' },
  }),
}
