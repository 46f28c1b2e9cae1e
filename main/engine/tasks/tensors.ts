import { UserError } from '../../../shared/errors'
import type { SafetensorsReader, TensorSource } from '../../formats/safetensors'
import { readParameter, type WeightFile } from '../weights'
import { type Layout, vectorOf } from '../graph/layout'
import type { Batch } from '../network-session'

/**
 * A layout's vector, filled from a file's tensors.
 * @param prefixes Tried in order for each tensor: `initial/`, `param/`, none.
 * @throws UserError that names the first tensor that is missing, has another shape, or is not finite.
 */
export function readVector(file: WeightFile, layout: Layout, prefixes: readonly string[]): Float32Array {
  const vector = vectorOf(layout)
  for (const { name, shape, offset } of layout.slots) {
    const prefix = prefixes.find((candidate) => file.has(candidate + name))
    if (prefix === undefined)
      throw new UserError(`it has no tensor for the parameter ${name}`, {
        place: file.file,
        remedy: `name it ${prefixes.map((p) => `“${p}${name}”`).join(' or ')}`,
      })
    const found = file.info(prefix + name).shape
    if (found.join() !== shape.join())
      throw new UserError(`it is ${found.join('×')}, the network has ${shape.join('×')}`, {
        place: `${file.file}: tensor “${prefix}${name}”`,
      })
    vector.set(readParameter(file, prefix + name), offset)
  }
  return vector
}

/** A layout's vector as named tensors, to be written. */
export function namedTensors(vector: Float32Array, layout: Layout, prefix: string): TensorSource[] {
  return layout.slots.map(({ name, shape, offset, length }) => ({
    name: prefix + name,
    shape,
    data: vector.slice(offset, offset + length),
  }))
}

/**
 * A batch from a file's `images` and `labels` (or `images/<step>`, `labels/<step>`).
 * @throws UserError where their shapes do not fit the network, a label is no class, or a pixel not finite.
 */
export function readBatch(
  file: SafetensorsReader,
  suffix: string,
  inputShape: readonly number[],
  classes: number,
): Batch & { size: number } {
  const place = (name: string): string => `${file.file}: tensor “${name}${suffix}”`
  const shape = file.info(`images${suffix}`).shape
  if (shape.length !== 4 || shape.slice(1).join() !== inputShape.join()) {
    throw new UserError(`it is ${shape.join('×')}, the network takes N×${inputShape.join('×')}`, {
      place: place('images'),
      remedy: 'set the preset’s input= to the images’ size',
    })
  }
  const size = shape[0]!
  const labels = file.readIntegers(`labels${suffix}`)
  if (labels.length !== size || size === 0)
    throw new UserError(`there are ${labels.length} labels for ${size} images`, { place: place('labels') })
  const wrong = labels.find((label) => label < 0 || label >= classes)
  if (wrong !== undefined) throw new UserError(`label ${wrong} is not one of the ${classes} classes`, { place: place('labels') })
  return { images: readImages(file, `images${suffix}`), labels, size }
}

/** @throws UserError where a value is not finite. */
export function readImages(file: SafetensorsReader, name: string): Float32Array {
  const { values, fault } = file.readChecked(name)
  if (fault === null) return values
  throw new UserError(`it holds ${fault}`, { place: `${file.file}: tensor “${name}”`, remedy: 'use other images' })
}
