import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expand, type ExpandedNetwork, networkFromPreset } from '../../../shared/architecture'
import { type Slot } from '../../../main/engine/graph/layout'
import { SafetensorsReader } from '../../../main/formats/safetensors'

/** NORMLAB_REFERENCE names another folder of the same making (another seed) to try the same tests on. */
export const folder = process.env['NORMLAB_REFERENCE'] ?? path.resolve(__dirname, '../reference')

interface Cases {
  readonly projection: readonly { readonly name: string; readonly size: number }[]
  readonly whitening: readonly { readonly name: string }[]
  readonly networks: Readonly<
    Record<string, { boundaries: readonly string[]; parameters: readonly string[]; batch: number; side: number }>
  >
}

/** See reference/README.md. */
export const cases = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8')) as Cases

/** The reference's networks as presets. */
const presetOf: Readonly<Record<string, string>> = {
  plain: 'plain:blocks=2,widths=8/16',
  resnet: 'resnet:blocks=2,widths=8/16',
  preact_basic: 'preact-resnet:block=basic,blocks=2,widths=8/16',
  proc_resnet: 'proc-resnet:blocks=2,planes=4/8/16',
  proc_resnet_v1: 'proc-resnet-v1:blocks=2,planes=4/8/16',
  densenet_bc: 'densenet-bc:blocks=3,growth=6,stages=2',
}

export function referenceNetwork(name: string): ExpandedNetwork {
  return expand(networkFromPreset(`${presetOf[name]!},input=16x16x3`))
}

export interface GoldenFile {
  floats(name: string): Float32Array
  integers(name: string): Int32Array
  shape(name: string): readonly number[]
}

/** One file of the reference, read as far as it is asked. */
export function golden(name: string): GoldenFile {
  const within = <T>(read: (file: SafetensorsReader) => T): T => {
    const file = SafetensorsReader.open(path.join(folder, `${name}.safetensors`))
    try {
      return read(file)
    } finally {
      file.close()
    }
  }
  return {
    floats: (tensor) => within((file) => file.readFloats(tensor)),
    integers: (tensor) => within((file) => file.readIntegers(tensor)),
    shape: (tensor) => within((file) => file.info(tensor).shape),
  }
}

/** A vector in the engine's layout, of the file's tensors. */
export function goldenVector(file: GoldenFile, slots: readonly Slot[], prefix: string): Float32Array {
  return Float32Array.from(slots.flatMap((slot) => [...file.floats(prefix + slot.name)]))
}
