import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createLab } from '../../main/lab'
import { Random } from '../../shared/random'

const [TRAIN, TEST, SIDE, CLASSES] = [50_000, 10_000, 32, 10]

/** A set of the size of CIFAR-10 with random pixels, brought in as any other, under the name `noise`. */
export async function importNoise(home: string): Promise<void> {
  const source = path.join(home, 'noise.safetensors')
  writeFileSync(source, noise())
  const lab = createLab({ home, hostPath: path.resolve(__dirname, '../../out/main/engine/host.js') })
  try {
    await lab.start('datasets.import', { source, name: 'noise' }).result
  } finally {
    await lab.close()
    rmSync(source)
  }
}

function noise(): Buffer {
  const random = new Random(1)
  const parts: Buffer[] = []
  const header: Record<string, unknown> = {
    __metadata__: { classes: JSON.stringify(Array.from({ length: CLASSES }, (_, i) => `class ${i}`)) },
  }
  let at = 0
  const add = (name: string, dtype: string, shape: readonly number[], bytes: Buffer): void => {
    header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] }
    at += bytes.length
    parts.push(bytes)
  }
  for (const [split, images] of Object.entries({ train: TRAIN, test: TEST })) {
    const pixels = new Uint32Array((images * SIDE * SIDE * 3) / 4)
    for (let i = 0; i < pixels.length; i++) pixels[i] = random.word()
    add(`${split}/images`, 'U8', [images, SIDE, SIDE, 3], Buffer.from(pixels.buffer))
    const labels = Int32Array.from({ length: images }, (_, i) => Math.floor((i * CLASSES) / images))
    add(`${split}/labels`, 'I32', [images], Buffer.from(labels.buffer))
  }
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, ...parts])
}
