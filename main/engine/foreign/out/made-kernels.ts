import { turnedBack } from '../../weights/layers'

export interface OutgoingTensor {
  readonly dims: readonly number[]
  readonly values: Float32Array
}

/** A kernel [kh, kw, in, out] in PyTorch's axes. */
export function inTorchAxes({ dims, values }: OutgoingTensor): OutgoingTensor {
  const [height, width, entering, leaving] = dims as [number, number, number, number]
  return { dims: [leaving, entering, height, width], values: turnedBack(values, { shape: dims }, 'oihw') }
}

/** −2Kᵀ as a kernel [kh, kw, out, in]: turned by half a turn, its channels exchanged. */
export function reflected({ dims, values }: OutgoingTensor): OutgoingTensor {
  const [height, width, entering, leaving] = dims as [number, number, number, number]
  const found = new Float32Array(values.length)
  const places = height * width
  for (let place = 0; place < places; place++)
    for (let i = 0; i < entering; i++)
      for (let o = 0; o < leaving; o++)
        found[((places - 1 - place) * leaving + o) * entering + i] = -2 * values[(place * entering + i) * leaving + o]!
  return { dims: [height, width, leaving, entering], values: found }
}

/** With zeros behind the channels of a bias. */
export const padded = (values: Float32Array, length: number): Float32Array => {
  const found = new Float32Array(length)
  found.set(values)
  return found
}
