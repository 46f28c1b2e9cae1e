/** Sizes of what is drawn, pixels. */
export const LAYER = { width: 176, height: 44 } as const
export const CARD = { width: 200, height: 52 } as const
export const PORT = { width: 72, height: 20 } as const
export const CELL = { width: 48, height: 28, gap: 10 } as const
/** Between what follows another (room for the shape on the edge), and between what stands side by side. */
export const GAP = { along: 30, across: 32 } as const
/** Around what lies in an opened block; its head stands above. */
export const PAD = 18
export const HEAD = 34

/** A place as the document says it: of a node in a block from the block's inner corner, where it is drawn from the outer one. */
export const placeFromDrawn = (parent: string | null, x: number, y: number): readonly [number, number] =>
  parent === null ? [x, y] : [x - PAD, y - HEAD]

/** How far an arc that spans so much swings out beside the flow. */
export function swing(span: number): number {
  return Math.min(150, 34 + 0.16 * span)
}
/** How far the arc itself reaches: a cubic's bow is three quarters of its handles. */
export const bow = (span: number): number => 0.75 * swing(span)
