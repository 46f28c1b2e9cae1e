import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { torchAtHand } from '../../build/bench/torch'
import { exportNetwork } from '../../main/engine/tasks/export-network'
import { importNetwork } from '../../main/engine/tasks/import-network'
import { expand, type Layer } from '../../shared/architecture'
import { expectClose } from './support/compare'
import { kerasListing } from './support/keras-listing'
import { evaluateOnnx } from './support/onnx-evaluate'
import { logitsOf, outgoing, readAsked, wrapping, writeAsked } from './support/outgoing'

/** What is kept there was proved to give the lab's logits when it was written (run_torch.py), and is proved again where PyTorch is at hand. */
const kept = path.resolve(__dirname, 'reference/outgoing')
const scratch = mkdtempSync(path.join(tmpdir(), 'normlab-out-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const nameOf = (title: string): string => title.replace(/[^a-z0-9]+/gi, '_')

async function writeAll(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const document of [...outgoing, ...wrapping]) {
    const name = nameOf(document.name)
    const { weights } = writeAsked(document, folder, name)
    const out = path.join(folder, `${name}.py`)
    await exportNetwork({ network: document, file: weights, form: 'pytorch', producer: '0.1.0', out })
  }
}

describe('a network that goes out as ONNX', () => {
  // ONNX Runtime's logits were the same to 9.4e-7 of the largest one, all of them and those that wrap around (run_onnx.py).
  it.each(outgoing)('comes in again with the lab’s logits: $name', async (document) => {
    const name = nameOf(document.name)
    const { weights, asked } = writeAsked(document, scratch, name)
    const file = path.join(scratch, `${name}.onnx`)
    await exportNetwork({ network: document, file: weights, form: 'onnx', producer: '0.1.0', out: file })
    const again = path.join(scratch, `${name}-again.safetensors`)
    const { document: read, report } = await importNetwork({ file, name: `${name}.onnx`, out: again })
    expect(report).toMatchObject({ hasWeights: true, unsupported: [] })
    // A series that makes more channels has zeros for them, as such a shortcut has.
    const widens = ({ op, inputShapes, shape }: Layer): boolean =>
      op.kind === 'padding-shortcut' || (op.kind === 'skew-conv2d' && shape[2]! > inputShapes[0]![2]!)
    expect(expand(read).layers.filter(widens)).toHaveLength(expand(document).layers.filter(widens).length)
    const [wanted, images] = readAsked(asked)
    expectClose(logitsOf(read, again, images), wanted, 1e-5, name)
  })

  it.each(wrapping)(
    'gives the lab’s logits where its images wrap around, and is told what it is no more: $name',
    async (document) => {
      const name = nameOf(document.name)
      const { weights, asked } = writeAsked(document, scratch, name)
      const file = path.join(scratch, `${name}.onnx`)
      const { notes } = await exportNetwork({ network: document, file: weights, form: 'onnx', producer: '0.1.0', out: file })
      const [wanted, images] = readAsked(asked)
      const bytes = readFileSync(file)
      expectClose(evaluateOnnx(bytes, images), wanted, 1e-5, name)
      expect(notes).toContainEqual(expect.stringContaining('K is in it twice, and would be trained as two'))
      const told = notes.find((note) => note.includes('Orthogonal convolution'))
      expect(told).toContain('training it further elsewhere does not keep it orthogonal')
      expect(bytes.includes(Buffer.from(told!))).toBe(true)
    },
  )
})

describe('a network that goes out as PyTorch’s source', () => {
  const folder = path.join(scratch, 'torch')

  it('is written as it was when it was proved', async () => {
    await writeAll(folder)
    for (const { name } of [...outgoing, ...wrapping]) {
      const file = `${nameOf(name)}.py`
      const text = readFileSync(path.join(folder, file), 'utf8')
      // NORMLAB_KEEP=1 keeps what is written now; prove it then, with PyTorch at hand.
      if (process.env['NORMLAB_KEEP']) writeFileSync(path.join(kept, 'torch', file), text)
      expect(text, file).toBe(readFileSync(path.join(kept, 'torch', file), 'utf8'))
    }
  })

  it.skipIf(torchAtHand() === undefined)('gives the lab’s logits there, and can be trained', () => {
    const { python, env } = torchAtHand()!
    const { stdout, stderr, status } = spawnSync(python, [path.join(kept, 'run_torch.py'), folder], { env, encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    const told = Object.entries(JSON.parse(stdout) as Record<string, { error: number; untrained: string[] }>)
    expect(told).toHaveLength(outgoing.length + wrapping.length)
    for (const [name, { error, untrained }] of told) {
      expect(error, name).toBeLessThan(1e-5)
      expect(untrained, name).toEqual([])
    }
  })
})

/** Those of whose layers Keras has none, and that are said in operations that are not taken for layers when they come in: the file is what was proved. */
const saidInOperations = new Set(['proc-resnet-v1:blocks=2,planes=2/4,input=8x8x3', 'zoo', 'parts', 'orthogonal'])

describe('a network that goes out for Keras', () => {
  // run_keras.py proved what is kept: Keras 3.15 with PyTorch behind it gave the lab's logits with the weights of each source, and of each .keras file.
  it.each([...outgoing, ...wrapping])(
    'is the source that was proved, and a file with the lab’s logits: $name',
    async (document) => {
      const name = nameOf(document.name)
      const { weights, asked } = writeAsked(document, scratch, name)
      const write = (form: 'keras' | 'keras-source', ending: string): Promise<unknown> =>
        exportNetwork({ network: document, file: weights, form, producer: '0.1.0', out: path.join(scratch, `${name}.${ending}`) })
      await write('keras-source', 'py')
      const text = readFileSync(path.join(scratch, `${name}.py`), 'utf8')
      if (process.env['NORMLAB_KEEP']) writeFileSync(path.join(kept, 'keras', `${name}.py`), text)
      expect(text).toBe(readFileSync(path.join(kept, 'keras', `${name}.py`), 'utf8'))
      await write('keras', 'keras')
      const again = path.join(scratch, `${name}-keras.safetensors`)
      const file = path.join(scratch, `${name}.keras`)
      const { document: read, report } = await importNetwork({ file, name: `${name}.keras`, out: again })
      if (saidInOperations.has(document.name)) {
        const listing = await kerasListing(file)
        const target = path.join(kept, 'keras', `${name}.layers`)
        if (process.env['NORMLAB_KEEP']) writeFileSync(target, listing)
        return expect(listing).toBe(readFileSync(target, 'utf8'))
      }
      expect(report).toMatchObject({ hasWeights: true, unsupported: [] })
      const [wanted, images] = readAsked(asked)
      expectClose(logitsOf(read, again, images), wanted, 1e-5, name)
    },
  )
})
