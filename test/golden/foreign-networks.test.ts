import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { expand, networkFromPreset } from '../../shared/architecture'
import { SafetensorsReader } from '../../main/formats/safetensors'
import { exportNetwork } from '../../main/engine/tasks/export-network'
import { importNetwork } from '../../main/engine/tasks/import-network'
import { initialWeights } from '../../main/engine/tasks/weights'
import type { ImportedNetwork } from '../../main/engine/questions'
import { initialChoice } from './support/initial-choice'
import { expectClose } from './support/compare'
import { takenNetwork } from './support/taken-network'

/** Networks that other programs wrote, with the logits that they gave; see reference/foreign/make_foreign.py, make_fx.py, make_tokens.py and make_keras.py. */
const folder = path.resolve(__dirname, 'reference/foreign')
const scratch = mkdtempSync(path.join(tmpdir(), 'normlab-foreign-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const taken = (name: string, ending: string): ReturnType<typeof takenNetwork> =>
  takenNetwork(
    path.join(folder, `${name}.${ending}`),
    path.join(folder, `${name}.safetensors`),
    path.join(scratch, `${name}-${ending}.safetensors`),
  )

describe('an ONNX file', () => {
  it('of a ResNet of torchvision’s blocks has the logits of ONNX Runtime, and folds into repeated blocks', async () => {
    const { document, report, ours, theirs } = await taken('resnet', 'onnx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ format: 'ONNX', approximated: [], left: [], unsupported: [], hasWeights: true })
    expect(report.folded).toEqual([
      { path: 'stage1.block', copies: 3, layers: 7 },
      { path: 'stage2.block1', copies: 1, layers: 9 },
      { path: 'stage2.block', copies: 2, layers: 7 },
    ])
    expect(document.nodes.map(({ id }) => id)).toEqual(['input', 'stem', 'stage1', 'stage2', 'pool', 'head', 'loss'])
    expect(expand(document).layers.map(({ name }) => name)).toContain('stage2.block1.shortcut.conv')
  })

  it('whose exporter has put batch norm into the convolutions has its logits too', async () => {
    const { report, ours, theirs } = await taken('resnet-folded', 'onnx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report.taken.map(({ kind }) => kind)).not.toContain('batch-norm')
  })

  it('with a layer of each sort has its logits: groups, dilation, pads, pools, a dense layer behind an image', async () => {
    const { report, ours, theirs } = await taken('pieces', 'onnx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report.unsupported).toEqual([])
  })
})

/** Written by the recorder's export_network; see reference/foreign/make_fx.py. */
describe('a network of PyTorch, traced by torch.fx', () => {
  it('that is a ResNet of torchvision’s blocks has PyTorch’s logits, and folds into repeated blocks', async () => {
    const { document, report, ours, theirs } = await taken('traced-resnet', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ format: 'torch.fx', approximated: [], left: [], unsupported: [], hasWeights: true })
    expect(report.producer).toMatch(/^PyTorch \d/)
    expect(report.folded.map(({ path, copies, layers }) => [path, copies, layers])).toEqual([
      ['stage1.block', 3, 7],
      ['stage2.block1', 1, 9],
      ['stage2.block', 2, 7],
    ])
    expect(expand(document).layers.map(({ name }) => name)).toContain('stage2.block1.shortcut.conv')
  })

  it('with a layer of each sort has its logits, called as modules and as functions', async () => {
    const { report, ours, theirs } = await taken('traced-pieces', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], approximated: [], left: [] })
  })

  it('that is torchvision’s DenseNet has its logits, and a block for each layer that adds channels', async () => {
    const { report, ours, theirs } = await taken('traced-dense', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report.folded).toEqual([
      { path: 'stage1.block', copies: 3, layers: 7 },
      { path: 'stage2.block', copies: 4, layers: 7 },
    ])
  })

  it('whose skips have no parameters, and whose ReLU works in place on them, has its logits', async () => {
    const { report, ours, theirs } = await taken('traced-padded', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report.taken).toContainEqual({ kind: 'padding-shortcut', count: 1 })
  })

  it('that changes copies and what is none in place has its logits, and means that reach over the edges', async () => {
    const { report, ours, theirs } = await taken('traced-in-place', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], approximated: [] })
  })

  // See reference/foreign/make_parametrised.py.
  it('whose weights are worked out at every step has its logits, which is told; so have norms of each image and channel', async () => {
    const { report, ours, theirs } = await taken('traced-parametrised', 'fx')
    expectClose(ours, theirs, 1e-5, 'logits')
    expect(report).toMatchObject({ unsupported: [], left: [], hasWeights: true })
    expect(report.approximated).toEqual([
      '0.weight: worked out by WeightNorm at every step in PyTorch, and learned here as it came out',
      '3.weight, 6.weight: worked out by SpectralNorm at every step in PyTorch, and learned here as it came out',
      '9.weight: worked out by Orthogonal at every step in PyTorch, and learned here as it came out',
    ])
    const kinds = Object.fromEntries(report.taken.map(({ kind, count }) => [kind, count]))
    expect(kinds).toMatchObject({ 'group-norm': 2, 'max-pool': 1, conv2d: 3, dense: 1 })
  })

  it('has what there is no layer for listed, and one that is spoilt gets a sentence', async () => {
    const file = path.join(folder, 'traced-unknown.fx')
    const { report, document } = await importNetwork({ file, name: 'unknown.fx', out: path.join(scratch, 'never') })
    expect(report.unsupported).toEqual([
      { name: 'act', what: 'torch.nn.Softplus', why: 'there is no such layer here' },
      { name: 'add', what: 'add', why: 'what it joins differs in shape' },
    ])
    expect(JSON.stringify(document)).toContain('x-torch-nn-softplus')
    const whole = readFileSync(file)
    for (let at = 0; at < whole.length; at += 23) {
      const spoilt = Buffer.from(whole)
      spoilt[at]! ^= 0x15
      for (const bytes of [spoilt, whole.subarray(0, at)]) {
        const to = path.join(scratch, 'spoilt.fx')
        writeFileSync(to, bytes)
        await importNetwork({ file: to, name: 'spoilt.fx', out: path.join(scratch, 'spoilt') }).catch((error: unknown) =>
          expect((error as Error).name, `${at}: ${String(error)}`).toBe('UserError'),
        )
      }
    }
  })
})

/** See reference/foreign/make_tokens.py. */
describe('a Transformer of PyTorch, traced by torch.fx', () => {
  const kinds = (report: ImportedNetwork['report']): Record<string, number> =>
    Object.fromEntries(report.taken.map(({ kind, count }) => [kind, count]))

  it('with a class token and one product for queries, keys and values has its logits, and a pair of blocks that is repeated', async () => {
    const { document, report, ours, theirs } = await taken('traced-class-token', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ approximated: [], left: [], unsupported: [], hasWeights: true })
    expect(report.folded).toEqual([
      { path: 'stage1.block.attention', copies: 3, layers: 7 },
      { path: 'stage1.block.mlp', copies: 3, layers: 6 },
    ])
    expect(kinds(report)).toMatchObject({ attention: 3, position: 1, 'class-token': 1, token: 1, conv2d: 19 })
    const names = expand(document).layers.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['q', 'k', 'v', 'out'].map((word) => `stage1.block2.attention.${word}`)))
  })

  it('that is PyTorch’s encoder, places before the batch and norms behind the sums, has its logits', async () => {
    const { report, ours, theirs } = await taken('traced-encoder', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(report.left).toEqual(['dropout of an attention’s weights, which does something in training alone (3 times)'])
    expect(report.folded.map(({ path, copies }) => [path, copies])).toEqual([
      ['stage1.block.attention', 3],
      ['stage1.block.mlp', 3],
    ])
  })

  it('whose attention is written out has its logits, all tokens flattened for the dense layer', async () => {
    const { report, ours, theirs } = await taken('traced-by-hand', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(kinds(report)).toMatchObject({ attention: 1, 'rms-norm': 2, position: 1 })
  })

  it('has what there is no layer for listed, and nothing that stands around it', async () => {
    const file = path.join(folder, 'traced-scaled-inside.fx')
    const { report } = await importNetwork({ file, name: 'scaled.fx', out: path.join(scratch, 'never') })
    expect(report.unsupported).toEqual([{ name: 'mul', what: 'Mul', why: 'it multiplies by a constant' }])
    expect(kinds(report)).toMatchObject({ attention: 1, token: 1 })
  })

  it('whose branch is multiplied with a number for each channel has its logits, those numbers in the weights before', async () => {
    const { report, ours, theirs } = await taken('traced-layer-scale', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(report.approximated).toEqual([
      'a learned factor for each channel is multiplied into the weights before it, and is none of its own here',
    ])
  })

  it('whose layers share weights has its logits, and is told of each that they learn apart here', async () => {
    const { report, ours, theirs } = await taken('traced-shared', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    const told = 'one for 2 layers in PyTorch, and each of those learns its own here'
    expect(report.approximated).toEqual([
      `blocks.0.mlp.0.weight: ${told}`,
      `turned.weight: ${told}`,
      `norm.weight, norm.bias: ${told}`,
    ])
  })

  it('whose branches are multiplied with a learned number has its logits, and one that is written in the program stays as it is', async () => {
    const { document, report, ours, theirs } = await taken('traced-rezero', 'fx')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    const scales = expand(document).layers.flatMap(({ op, attributes }) => (op.kind === 'scale' ? [attributes] : []))
    expect(scales).toMatchObject([true, false, true, false].map((learned) => ({ learned, value: learned ? 1 : 0.5 })))
  })

  const [images, places] = [
    'the images and their places are not where its batch_first says, each in an axis of their own',
    'it is not over all places of an image at once',
  ]
  it.each([
    ['traced-over-images', 'over the images', images],
    ['traced-over-rows', 'within rows by the module', images],
    ['traced-beside-rows', 'within rows by the function', places],
  ])('has attention listed that is not over the places of an image: %s, %s', async (name, _, why) => {
    const { report } = await importNetwork({
      ...{ file: path.join(folder, `${name}.fx`), name: `${name}.fx` },
      out: path.join(scratch, 'never'),
    })
    expect(report.unsupported.map((one) => one.why)).toContain(why)
    expect(kinds(report)).not.toHaveProperty('attention')
  })

  it('that is spoilt gets a sentence', async () => {
    let refused = 0
    const whole = readFileSync(path.join(folder, 'traced-by-hand.fx'))
    for (let at = 0; at < whole.length; at += 61) {
      const spoilt = Buffer.from(whole)
      spoilt[at]! ^= 0x15
      const to = path.join(scratch, 'spoilt.fx')
      writeFileSync(to, spoilt)
      await importNetwork({ file: to, name: 'spoilt.fx', out: path.join(scratch, 'spoilt') }).catch((error: unknown) => {
        expect((error as Error).name, `${at}: ${String(error)}`).toBe('UserError')
        refused += 1
      })
    }
    // What is spoilt in a name or in a weight can be read.
    expect(refused).toBeGreaterThan(0)
  })
})

describe('a Keras file', () => {
  it('of a ResNet has Keras’s logits, and folds into repeated blocks', async () => {
    const { report, ours, theirs } = await taken('functional', 'keras')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ format: 'Keras', approximated: [], unsupported: [], hasWeights: true })
    expect(report.left).toEqual(['the softmax at the end, which the loss has in it'])
    expect(report.folded.map(({ path, copies }) => [path, copies])).toEqual([
      ['stage1.block', 2],
      ['stage2.block1', 1],
      ['stage2.block', 2],
    ])
  })
})

describe('layers of Keras that are several here, or one of another name', () => {
  it('have its logits, and what they do in training alone is told', async () => {
    const { report, ours, theirs } = await taken('more', 'keras')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(report.approximated).toEqual([
      'whole channels are dropped there, and single values here',
      'noise (GaussianNoise) is left out: it does something in training alone',
      'a term of the loss (ActivityRegularization) is left out: it does something in training alone',
    ])
  })
})

// See reference/foreign/make_keras_numbers.py.
describe('numbers of a Keras program', () => {
  it('are taken with its logits, a hard sigmoid that is written with them is one, and what is learned here is told', async () => {
    const { report, ours, theirs } = await taken('keras-numbers', 'keras')
    expectClose(ours, theirs, 1e-5, 'logits')
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(report.approximated).toEqual([
      expect.stringMatching(/^numbers of the program for each channel \(Normalization\) are learned here.*\(3 times\)$/),
      expect.stringMatching(/^numbers of the program for each channel \(Rescaling\) are learned here/),
      'a number that the program adds is learned here (2 times)',
    ])
    const kinds = Object.fromEntries(report.taken.map(({ kind, count }) => [kind, count]))
    expect(kinds).toMatchObject({ 'hard-sigmoid': 3, shift: 2, scale: 1, 'clipped-relu': 1, 'depthwise-conv2d': 4 })
  })
})

describe('models within a model of Keras', () => {
  it('are opened, with the logits and as blocks of their own', async () => {
    const { report, ours, theirs } = await taken('nested', 'keras')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(report.folded).toMatchObject([{ copies: 2 }])
  })

  // See reference/foreign/make_keras_pooled.py.
  it('that pools whole images, takes parts of them and has named values has its logits: those of its first name', async () => {
    const { report, ours, theirs } = await taken('keras-pooled', 'keras')
    expectClose(ours, theirs, 1e-5, 'logits')
    expect(report).toMatchObject({
      unsupported: [],
      approximated: [expect.stringMatching(/^an offset .*learned here$/)],
      hasWeights: true,
    })
    expect(report.left).toEqual(['all that leaves it but "logits"', '1 layer that the first output does not depend on'])
    const kinds = Object.fromEntries(report.taken.map(({ kind, count }) => [kind, count]))
    expect(kinds).toMatchObject({ channels: 1, abs: 1, token: 1, shift: 1, 'padding-shortcut': 1, concatenate: 2 })
  })
})

/** See reference/foreign/make_keras_tokens.py. */
describe('a Transformer of Keras’s own layers', () => {
  const drops = (times: string): string[] => [`dropout of an attention’s weights, which does something in training alone${times}`]

  it('has Keras’s logits, and a pair of blocks that is repeated: positions, MultiHeadAttention, all tokens flattened', async () => {
    const { report, ours, theirs } = await taken('keras-vit', 'keras')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ approximated: [], left: [], unsupported: [], hasWeights: true })
    expect(report.folded.map(({ path, copies }) => [path, copies])).toEqual([
      ['stage1.block.attention', 2],
      ['stage1.block.mlp', 2],
    ])
  })

  it('has its logits over the places of images too, with values of another width, RMS norms and one token', async () => {
    const { report, ours, theirs } = await taken('keras-tokens', 'keras')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ approximated: [], left: drops(' (2 times)'), unsupported: [], hasWeights: true })
    const kinds = Object.fromEntries(report.taken.map(({ kind, count }) => [kind, count]))
    expect(kinds).toMatchObject({ attention: 2, position: 1, token: 1, 'rms-norm': 1, 'global-average-pool': 1 })
  })

  it('has masks and what else there is no layer for listed', async () => {
    const file = path.join(folder, 'keras-masked.keras')
    const { report } = await importNetwork({ file, name: 'masked.keras', out: path.join(scratch, 'never') })
    expect(report.unsupported).toEqual([
      { name: 'multi_head_attention_4', what: 'MultiHeadAttention', why: 'a mask goes into it' },
      { name: 'multi_head_attention_5', what: 'MultiHeadAttention', why: 'a mask goes into it' },
      { name: 'permute', what: 'Permute', why: 'there is no such layer here' },
    ])
  })
})

describe('a Sequential model of Keras', () => {
  it('with a layer of each sort has its logits', async () => {
    const { report, ours, theirs } = await taken('sequential', 'keras')
    expectClose(ours, theirs, 1e-4, 'logits')
    expect(report).toMatchObject({ approximated: [], unsupported: [] })
  })

  it('has what there is no layer for listed, and one that is spoilt gets a sentence', async () => {
    const file = path.join(folder, 'unknown.keras')
    const { report, document } = await importNetwork({ file, name: 'unknown.keras', out: path.join(scratch, 'never') })
    expect(report.unsupported).toMatchObject([
      { what: 'UpSampling2D', why: 'there is no such layer here' },
      { what: 'softplus', why: 'there is no such activation here' },
    ])
    expect(document.nodes.map(({ kind }) => kind)).toContain('x-upsampling2d')
    const whole = readFileSync(file)
    for (let at = 0; at < whole.length; at += 311) {
      const spoilt = Buffer.from(whole)
      spoilt[at]! ^= 0xff
      for (const bytes of [spoilt, whole.subarray(0, at)]) {
        const to = path.join(scratch, 'spoilt.keras')
        writeFileSync(to, bytes)
        await importNetwork({ file: to, name: 'spoilt.keras', out: path.join(scratch, 'spoilt') }).catch((error: unknown) =>
          expect((error as Error).name, `${at}: ${String(error)}`).toBe('UserError'),
        )
      }
    }
  })
})

describe('a network that goes out as ONNX', () => {
  it('comes in again as it was, with its logits', async () => {
    for (const name of ['resnet', 'pieces']) {
      const first = await taken(name, 'onnx')
      const weights = path.join(scratch, `${name}-onnx.safetensors`)
      const file = path.join(scratch, `${name}.onnx`)
      await exportNetwork({ network: first.document, file: weights, form: 'onnx', producer: '0.1.0', out: file })
      const again = await importNetwork({ file, name: `${name}.onnx`, out: path.join(scratch, 'again.safetensors') })
      // What does nothing in evaluation does not go out.
      const kinds = (one: ImportedNetwork): string[] =>
        expand(one.document).layers.flatMap(({ op }) => (op.kind === 'dropout' ? [] : [op.kind]))
      expect(kinds(again)).toEqual(kinds(first))
      expect(again.report.folded).toEqual(first.report.folded)
      const [one, other] = [SafetensorsReader.open(weights), SafetensorsReader.open(path.join(scratch, 'again.safetensors'))]
      const numbers = ({ tensors }: SafetensorsReader): number[][] => tensors.map(({ shape }) => [...shape]).sort()
      expect(numbers(other)).toEqual(numbers(one))
      for (const { name: tensor } of other.tensors)
        if (one.has(tensor)) expect(other.readFloats(tensor)).toEqual(one.readFloats(tensor))
      for (const open of [one, other]) open.close()
    }
  })

  it('lacks nothing without a word', async () => {
    const document = networkFromPreset('plain:blocks=1,widths=2/4,input=8x8x3')
    const file = path.join(scratch, 'initial.safetensors')
    await initialWeights({ ...initialChoice(1), network: document, out: file })
    const out = path.join(scratch, 'never.onnx')
    await expect(exportNetwork({ network: document, file, form: 'onnx', producer: '', out })).rejects.toThrow(
      'the weights have no moving statistics',
    )
    expect(existsSync(out)).toBe(false)
  })
})
