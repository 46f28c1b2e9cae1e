import { z } from 'zod'
import { RunId } from '../run-id'
import { device as ofRun } from '../settings/machine'
import { labSetting } from './setting'

export const parallelRuns = labSetting({
  label: 'Runs that train at the same time',
  says: 'They share the cores: two at once take about as long as one after the other, but both can be watched',
  section: 'Training',
  kept: 'data folder',
  schema: z.number().int().min(1).max(64).default(1),
  option: { name: 'parallel-runs', says: 'runs that train at the same time' },
})

/** What `auto` means for a run that is started; the run keeps the device that it comes to. */
export const device = labSetting({
  label: 'Device of new runs',
  says: 'What auto means for a run: auto itself is the first GPU where there is one; else cpu, gpu:0, gpu:1 and so on',
  section: 'Training',
  kept: 'data folder',
  schema: ofRun.schema.unwrap().default('auto'),
})

/** What a run that does not name its own trains with. */
export const threads = labSetting({
  label: 'Threads of new runs',
  says: 'CPU threads of one operation of a run that names none itself; 0 is all cores. Fewer leave the others to other programs, and a step takes longer',
  section: 'Training',
  kept: 'data folder',
  schema: z.number().int().min(0).max(1024).default(0),
})

export const baseline = labSetting({
  label: 'Baseline',
  says: 'The run that the others are compared with, by its number; none is chosen at first',
  section: null,
  kept: 'data folder',
  schema: RunId.nullable().default(null),
  absent: 'none',
  text: {
    example: '17',
    write: (value) => (value === null ? '' : String(value)),
    read: (text) => (text === 'none' ? null : Number(text)),
  },
})
