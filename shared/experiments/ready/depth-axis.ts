import type { Axis } from '../experiment'

/** An axis of networks with so many blocks. */
export const depthAxis = (blocks: readonly number[]): Axis => ({
  name: 'depth',
  variants: blocks.map((n) => ({ label: `${n} blocks`, set: { 'network.blocks': n } })),
})
