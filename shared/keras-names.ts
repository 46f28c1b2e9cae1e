/** `DepthwiseConv2D` → `depthwise_conv2d`, as Keras does it (keras/src/utils/naming.py). */
const snakeCase = (name: string): string =>
  name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()

/** Where a Keras file has the weights of a model's layers: asked for each layer in the model's order, `conv2d`, `conv2d_1`, … */
export function kerasPlaces(): (className: string) => string {
  const counts = new Map<string, number>()
  return (className) => {
    const word = snakeCase(className)
    const count = counts.get(word) ?? 0
    counts.set(word, count + 1)
    return count === 0 ? word : `${word}_${count}`
  }
}
