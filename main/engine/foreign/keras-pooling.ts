import type { KerasOutcome, Make, Settings } from './keras-layers'
import type { LayerList } from './network'

/** Keras's pooling of a whole image. */

/** The window that is as large as an image; none where that is no square, or larger than windows are here. */
function wholeWindow(shape: readonly number[] | null | undefined): Settings | undefined {
  const [height, width] = shape?.length === 3 ? shape : []
  return height !== undefined && height === width && height <= 255 ? { size: height, stride: Math.min(height, 64) } : undefined
}
const NO_WINDOW = { why: 'its image is no square of 255 pixels or less' } as const

/** The greatest value of the image: of one window that is as large. */
export const globalMaxPool: Make = ({ keepdims }, { shape }) => {
  const attributes = wholeWindow(shape)
  if (!attributes) return NO_WINDOW
  // The mean of the one pixel that is left is that pixel as a row.
  return { kind: 'max-pool', attributes, ...(keepdims !== true && { then: [{ kind: 'global-average-pool' }] }) }
}

/** With the sides kept it is an image of one pixel. */
export const globalAveragePool: Make = ({ keepdims }, { shape }) => {
  if (keepdims !== true) return { kind: 'global-average-pool' }
  const attributes = wholeWindow(shape)
  return attributes ? { kind: 'average-pool', attributes } : NO_WINDOW
}

/** A row that pooling left of an image as the pixel that it was, as gates have it: `Reshape((1, 1, 16))` behind a mean. */
export function pixelAgain(row: number, list: LayerList): KerasOutcome | undefined {
  const pixel = pixelOf(row, list)
  return (
    pixel && {
      build(all, name) {
        const { from, window } = pixel
        all.spare(row)
        return window ? all.add({ name, kind: 'average-pool', attributes: window, inputs: [from] }) : from
      },
      leaves: 'image',
    }
  )
}

/** Rows of features behind one another, each of which is what pooling left of an image: images of one pixel, which are joined as images are. */
export function joinedRows(rows: readonly number[], list: LayerList): KerasOutcome {
  const pixels = rows.map((at) => pixelOf(at, list))
  if (pixels.includes(undefined)) return { why: 'it joins rows of features, and here channels of images are joined' }
  return {
    build(all, name) {
      const places = pixels.map((pixel, i) => {
        const { from, window } = pixel!
        all.spare(rows[i]!)
        return window ? all.add({ name, kind: 'average-pool', attributes: window, inputs: [from] }) : from
      })
      const joined = all.add({ name, kind: 'concatenate', attributes: {}, inputs: places })
      return all.add({ name, kind: 'global-average-pool', attributes: {}, inputs: [joined] })
    },
    leaves: 'features',
  }
}

/** The image that a mean made a row of, and the window that leaves a pixel of it. */
function pixelOf(at: number, list: LayerList): { readonly from: number; readonly window?: Settings } | undefined {
  const { kind, inputs } = list.layers[at]!
  if (kind !== 'global-average-pool') return undefined
  const from = inputs[0]!
  const shape = list.shape(from)
  if (shape?.[0] === 1 && shape[1] === 1) return { from }
  const window = wholeWindow(shape)
  return window && { from, window }
}
