import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { importNetwork } from '../../main/engine/tasks/import-network'
import { expand } from '../../shared/architecture'
import { expectClose } from './support/compare'
import { takenNetwork } from './support/taken-network'

/** ONNX files as both of PyTorch's exporters write them, with ONNX Runtime's logits; see reference/foreign/make_onnx.py. The number is the opset, what follows how many images the file takes. */
const folder = path.resolve(__dirname, 'reference/foreign')
const scratch = mkdtempSync(path.join(tmpdir(), 'normlab-exported-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

async function taken(name: string): Promise<Awaited<ReturnType<typeof takenNetwork>> & { kinds: Record<string, number> }> {
  const [file, beside] = ['onnx', 'safetensors'].map((ending) => path.join(folder, `exported-${name}.${ending}`)) as [
    string,
    string,
  ]
  const network = await takenNetwork(file, beside, path.join(scratch, `${name}.safetensors`))
  expectClose(network.ours, network.theirs, 1e-4, 'logits')
  expect(network.report).toMatchObject({ approximated: [], left: [], unsupported: [], hasWeights: true })
  return { ...network, kinds: Object.fromEntries(network.report.taken.map(({ kind, count }) => [kind, count])) }
}

describe('an ONNX file of PyTorch’s exporters', () => {
  it.each([
    ['norms-16', 'the older one, any number: layer norm written out, group norm by the norm of each image'],
    ['norms-17', 'the older one, one image, nothing folded'],
    ['norms-18', 'the newer one, two images'],
    ['norms-21', 'the newer one, any number'],
  ])('has norms and GELU, however they are written, as one layer each, with the logits: %s, %s', async (name) => {
    const { kinds } = await taken(name)
    expect(kinds).toMatchObject({ 'group-norm': 4, 'layer-norm': 4, 'rms-norm': 1, gelu: 2, swish: 1, conv2d: 3, dense: 2 })
    expect(kinds).not.toHaveProperty('scale')
  })

  it.each([
    ['class-token-17', 'the older one, any number'],
    ['class-token-18', 'the newer one, two images: the class token of both is in the file'],
    ['class-token-20', 'the newer one, any number'],
    ['class-token-23', 'the newer one, any number: attention is one operator'],
  ])('has a Transformer with a class token, folded, with its logits: %s, %s', async (name) => {
    const { document, report, kinds } = await taken(name)
    expect(report.folded.map(({ path: place, copies }) => [place, copies])).toEqual([
      ['stage1.block.attention', 3],
      ['stage1.block.mlp', 3],
    ])
    expect(kinds).toMatchObject({ attention: 3, position: 1, 'class-token': 1, token: 1, conv2d: 19, gelu: 3 })
    const names = expand(document).layers.map((layer) => layer.name)
    expect(names).toEqual(expect.arrayContaining(['q', 'k', 'v', 'out'].map((word) => `stage1.block2.attention.${word}`)))
  })

  it.each([
    ['encoder-17', 3],
    ['encoder-20', 3],
    ['norm-first-18', 2],
    ['norm-first-20', 2],
  ])('has PyTorch’s own encoder, folded, with its logits: %s', async (name, copies) => {
    const { report, kinds } = await taken(name)
    expect(report.folded.map((one) => [one.path, one.copies])).toEqual([
      ['stage1.block.attention', copies],
      ['stage1.block.mlp', copies],
    ])
    expect(kinds).toMatchObject({ attention: copies, position: 1, 'global-average-pool': 1 })
  })

  it('has attention that is written out, and RMS norms, with its logits', async () => {
    expect((await taken('by-hand-18')).kinds).toMatchObject({ attention: 1, 'rms-norm': 2, position: 1 })
  })

  it.each([
    ['unknown-17', ['/blocks/MatMul', '/blocks/Add', '/blocks/Softplus', '/blocks/Mul_2']],
    ['unknown-18', ['node_MatMul_77', 'node_Add_78', 'n3', 'node_mul_14']],
  ])(
    'has masks, factors of channels and other activations listed by their names, and nothing dropped: %s',
    async (name, names) => {
      const file = path.join(folder, `exported-${name}.onnx`)
      const { report, document } = await importNetwork({ file, name, out: path.join(scratch, 'never') })
      expect(report.hasWeights).toBe(false)
      const whys = [
        'it multiplies two values',
        'it masks an attention',
        'there is no such layer here',
        'it multiplies by a constant',
      ]
      const listed = report.unsupported.filter(({ why }) => whys.includes(why)).map((one) => one.name)
      expect(listed).toEqual(expect.arrayContaining(names))
      expect(new Set(report.unsupported.map((one) => one.name)).size).toBe(report.unsupported.length)
      expect(JSON.stringify(document)).toContain('x-softplus')
    },
  )

  it('that is spoilt is read, or gets a sentence', async () => {
    let refused = 0
    for (const [name, step] of [
      ['norms-16', 307],
      ['class-token-17', 1511],
      ['class-token-18', 607],
    ] as const) {
      const whole = readFileSync(path.join(folder, `exported-${name}.onnx`))
      for (let at = 0; at < whole.length; at += step) {
        const spoilt = Buffer.from(whole)
        spoilt[at]! ^= 0x15
        const to = path.join(scratch, 'spoilt.onnx')
        writeFileSync(to, spoilt)
        await importNetwork({ file: to, name: 'spoilt.onnx', out: path.join(scratch, 'spoilt') }).catch((error: unknown) => {
          expect((error as Error).name, `${name} ${at}: ${String(error)}`).toBe('UserError')
          refused += 1
        })
      }
    }
    expect(refused).toBeGreaterThan(0)
  })
})
