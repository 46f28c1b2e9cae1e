import { finite } from './family'
import { setting } from './setting'

/** L2 penalty's factor on every parameter; decoupled from the gradient in AdamW (Loshchilov and Hutter 2019). */
export const weightDecay = setting({
  label: 'Weight decay',
  also: ['wd', 'l2', 'decay'],
  says: 'Factor of the L2 penalty on every parameter',
  group: 'optimiser',
  schema: finite.min(0).max(1e6).default(1e-4),
  grows: 'logarithmic',
  option: { name: 'weight-decay', value: 'D' },
})

/** Share of the label's probability that is spread over all classes (Szegedy et al. 2016). */
export const labelSmoothing = setting({
  label: 'Label smoothing',
  says: 'Share of a label that is spread over all classes',
  group: 'regularisation',
  schema: finite.min(0).max(0.999).default(0),
  option: { name: 'label-smoothing', value: 'S' },
})

/** Greatest norm of the whole gradient; a longer one is scaled down. Absent for no clipping. */
export const clipNorm = setting({
  label: 'Clip norm',
  also: ['clip', 'grad-clip', 'max-norm'],
  says: 'Greatest norm of the whole gradient; a longer one is scaled down',
  group: 'regularisation',
  schema: finite.gt(0).optional(),
  absent: 'no limit',
  grows: 'logarithmic',
  option: { name: 'clip-norm' },
})

/** Greatest absolute value of a gradient's entry; clipped before the norm is. */
export const clipValue = setting({
  label: 'Clip value',
  says: 'Greatest absolute value of a gradient’s entry, clipped before the norm is',
  group: 'regularisation',
  schema: finite.gt(0).optional(),
  absent: 'no limit',
  grows: 'logarithmic',
})
