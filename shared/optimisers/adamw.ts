import { adam } from './adam'
import type { OptimiserDefinition } from './definition'

/** Loshchilov and Hutter 2019: Adam with d = g, and before its step w ← w − rate·decay·w. */
export const adamw: OptimiserDefinition = {
  ...adam,
  name: 'adamw',
  label: 'AdamW',
  says: 'AdamW, whose weight decay is apart from the gradient',
  isDecoupled: true,
}
