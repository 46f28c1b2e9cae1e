import type { ScheduleDefinition } from './definition'

/** The rate times the factor for each milestone that lies behind; constant without any. */
export const steps: ScheduleDefinition = {
  name: 'steps',
  label: 'Milestones',
  words: 'the milestones',
  source: 'He et al. 2015; PyTorch’s MultiStepLR',
  settings: ['milestones', 'factor'],
  hasEnd: false,
  rate: ({ rate, milestones, factor }, { epochs }) =>
    rate * factor ** milestones.filter((milestone) => milestone <= epochs).length,
}
