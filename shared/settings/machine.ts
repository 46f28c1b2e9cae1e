import { z } from 'zod'
import { setting } from './setting'

/** Compute the values inside k blocks again on the way back instead of keeping them; 0 keeps all. */
export const recompute = setting({
  label: 'Recompute',
  says: 'Computes inner values again on the way back, so many units at a time: less memory, a third more time; 0 keeps all',
  unit: 'units',
  group: 'machine',
  schema: z.number().int().min(0).max(10_000).default(0),
})

/**
 * `auto` is the first GPU where there is one; else `cpu`, `gpu:0`, …; or several that share each batch, `gpu:0,gpu:1`. `cpu:0,cpu:1` are two
 * devices that the CPU is shown as.
 */
export const device = setting({
  label: 'Device',
  says: 'auto is the first GPU where there is one; else cpu, gpu:0, gpu:1, …; gpu:0,gpu:1 share each batch',
  group: 'machine',
  schema: z
    .string()
    .regex(
      /^(auto|cpu|gpu:\d{1,2}(,gpu:\d{1,2}){0,15}|cpu:\d(,cpu:\d){1,7})$/,
      'must be auto, cpu or gpu:0, gpu:1, …; several as gpu:0,gpu:1',
    )
    .refine((text) => new Set(text.split(',')).size === text.split(',').length, 'must name each device once')
    .default('auto'),
  option: { name: 'devices', says: 'auto, cpu, gpu:0, …; several that share each batch: gpu:0,gpu:1' },
})

/** Processes of this machine that share each batch; one where absent. */
export const processes = setting({
  label: 'Processes',
  says: 'Processes of this machine that share each batch; losses and norms are those of one, up to rounding',
  group: 'machine',
  schema: z.number().int().min(1).max(64).optional(),
  absent: 'one',
  option: { name: 'processes', says: 'processes of this machine that share each batch' },
})

/** CPU threads for one operation; the machine's cores where absent. */
export const threads = setting({
  label: 'Threads',
  says: 'CPU threads of one operation',
  group: 'machine',
  schema: z.number().int().min(1).max(1024).optional(),
  absent: 'all cores',
  option: { name: 'threads', says: 'CPU threads' },
})

/** The place that trains it, by its name here; this machine where absent. The lab writes it: it is chosen by where a run is sent, not in a form. */
export const place = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,59}$/, 'must be the name of a place')
  .optional()

export const seed = setting({
  label: 'Seed',
  says: 'Of initial values, order and augmentation; equal seeds give equal runs on one machine',
  group: 'machine',
  schema: z.number().int().min(0).max(0xffffffff).default(1),
  option: { name: 'seed', says: 'seed of initialisation, order and augmentation' },
})
