/** The parts of the form of a new run and of a run's summary, in their order. */
export const groups = {
  data: { title: 'Data' },
  length: { title: 'Length' },
  optimiser: { title: 'Optimiser' },
  schedule: { title: 'Course of the rate' },
  repairs: { title: 'Repairs' },
  regularisation: { title: 'Regularisation' },
  images: { title: 'Images' },
  start: { title: 'Initial values' },
  measures: { title: 'Measures and evaluation' },
  checkpoints: { title: 'Checkpoints' },
  machine: { title: 'Seed and machine' },
} as const
export type GroupName = keyof typeof groups

/** Groups whose fields stand open in a form; the others are folded, with a line that tells what is set in them. */
export const openGroups: ReadonlySet<GroupName> = new Set(['data', 'length', 'optimiser', 'schedule', 'repairs', 'machine'])
