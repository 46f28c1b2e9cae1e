import type { Turn, Wanted } from '../../weights/layers'

/** Row-major values in PyTorch's axes, which ONNX has too, from the network's own: the way back of `turned`. */
export function turnedBack(values: Float32Array, { shape, image }: Pick<Wanted, 'shape' | 'image'>, turn: Turn): Float32Array {
  if (turn === 'none') return values
  const result = new Float32Array(values.length)
  if (turn === 'oi' || turn === 'flattened') {
    const [rows, columns] = shape as [number, number]
    const [height, width, channels] = turn === 'flattened' ? (image as [number, number, number]) : [1, 1, rows]
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++) {
          const from = ((y * width + x) * channels + c) * columns
          const to = (c * height + y) * width + x
          for (let o = 0; o < columns; o++) result[o * rows + to] = values[from + o]!
        }
    return result
  }
  const [height, width, channels, filters] = shape as [number, number, number, number]
  const area = height * width
  for (let place = 0; place < area; place++)
    for (let i = 0; i < channels; i++)
      for (let o = 0; o < filters; o++) {
        const to = turn === 'oihw' ? (o * channels + i) * area + place : (i * filters + o) * area + place
        result[to] = values[(place * channels + i) * filters + o]!
      }
  return result
}
