import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { importNetwork } from '../../../main/engine/tasks/import-network'
import type { ImportedNetwork } from '../../../main/engine/questions'
import { encodeHdf5 } from '../../../main/formats/hdf5-write'
import { encodeZip } from '../../../main/formats/zip-write'
import { expand } from '../../../shared/architecture'
import { Random } from '../../../shared/random'

/** Networks of Keras that are written by hand: what is not understood must be listed, or refused with a sentence. */
const scratch = mkdtempSync(path.join(tmpdir(), 'normlab-keras-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Json = Readonly<Record<string, unknown>>
const value = (from: string, at = 0): Json => ({ class_name: '__keras_tensor__', config: { keras_history: [from, 0, at] } })
const layer = (kind: string, name: string, args: readonly unknown[], config: Json = {}, kwargs: Json = {}): Json => ({
  ...{ module: 'keras.layers', class_name: kind, name, config: { name, ...config } },
  inbound_nodes: [{ args, kwargs }],
})
const ofOperations = (one: Json): Json => ({ ...one, module: 'keras.src.ops.numpy' })
const input = (name: string): Json => ({
  ...{ class_name: 'InputLayer', name, inbound_nodes: [] },
  config: { batch_shape: [null, 4, 4, 2], name },
})
const model = (layers: readonly unknown[], output: unknown, inputs: unknown = ['x', 0, 0]): Json => ({
  ...{ class_name: 'Functional', config: { name: 'net', layers, input_layers: inputs, output_layers: output } },
})
const ends = (from: string, config: Json = {}): Json[] => [
  layer('Flatten', 'flat', [value(from)]),
  layer('Dense', 'dense', [value('flat')], { units: 3, activation: 'linear', ...config }),
]
const DENSE = ['dense', 0, 0]

const zipped = (config: string, entering = 32): Buffer => {
  const zeros = (path: string, ...shape: number[]) => ({
    path,
    shape,
    values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  })
  const arrays = [zeros('layers/dense/vars/0', entering, 3), zeros('layers/dense/vars/1', 3)]
  const norm = [0, 1, 2, 3].map((at) => zeros(`layers/batch_normalization/vars/${at}`, 2))
  return Buffer.concat(
    encodeZip([
      { name: 'config.json', pieces: [Buffer.from(config)] },
      { name: 'metadata.json', pieces: [Buffer.from('{"keras_version": "3.15.1"}')] },
      { name: 'model.weights.h5', pieces: encodeHdf5([...arrays, ...norm]) },
    ]),
  )
}
function taken(whole: Json | string, entering = 32): Promise<ImportedNetwork> {
  const file = path.join(scratch, 'net.keras')
  writeFileSync(file, zipped(typeof whole === 'string' ? whole : JSON.stringify(whole), entering))
  return importNetwork({ file, name: 'net.keras', out: path.join(scratch, 'net.safetensors') })
}
const listed = async (...layers: Json[]): Promise<string[]> => {
  const last = layers.at(-1)!['name'] as string
  const { report } = await taken(model([input('x'), ...layers, ...(last === 'dense' ? [] : ends(last))], DENSE))
  return report.unsupported.map(({ name, why }) => `${name}: ${why}`)
}
const [x, relu] = [value('x'), layer('ReLU', 'r', [value('x')])]

describe('a Keras network', () => {
  it('has a dense layer behind the greatest values of its channels, which are a row', async () => {
    const most = (config: Json): Json => layer('GlobalMaxPooling2D', 'most', [x], config)
    const dense = layer('Dense', 'dense', [value('most')], { units: 3, activation: 'softmax' })
    const { report } = await taken(model([input('x'), most({}), dense], DENSE), 2)
    expect(report).toMatchObject({
      unsupported: [],
      hasWeights: true,
      left: ['the softmax at the end, which the loss has in it'],
    })
    // One that keeps its sides leaves an image.
    const kept = await taken(model([input('x'), most({ keepdims: true }), ...ends('most')], DENSE), 2)
    expect(kept.report.taken.map(({ kind }) => kind)).not.toContain('global-average-pool')
  })

  it('takes of a model within it the values that it says', async () => {
    const within = model(
      [input('i'), layer('ELU', 'b', [value('i')], { alpha: 1 }), layer('ReLU', 'a', [value('b')])],
      [
        ['a', 0, 0],
        ['b', 0, 0],
      ],
      ['i', 0, 0],
    )
    const inner = {
      ...layer('Functional', 'm', [x], within['config'] as Json, { mask: null }),
      module: 'keras.src.models.functional',
    }
    const sum = layer('Add', 'sum', [[value('m', 0), value('m', 1)]])
    const { document, report } = await taken(model([input('x'), inner, sum, ...ends('sum')], DENSE))
    expect(report.unsupported).toEqual([])
    const { layers } = expand(document)
    const entering = layers.find(({ op }) => op.kind === 'add')!.inputs.map((at) => layers[at]!.op.kind)
    expect(entering).toEqual(['relu', 'elu'])
    const lone = await taken(
      model(
        [
          input('x'),
          inner,
          ...ends('m').map((one) => (one['name'] === 'flat' ? layer('Flatten', 'flat', [value('m', 1)]) : one)),
        ],
        DENSE,
      ),
    )
    expect(lone.report.taken.map(({ kind }) => kind)).not.toContain('relu')
    const beyond = layer('Add', 'sum', [[value('m', 0), value('m', 2)]])
    await expect(taken(model([input('x'), inner, beyond, ...ends('sum')], DENSE))).rejects.toThrow('"sum" is fed by something')
  })

  it('gives a model within it what enters in the order of its inputs, whatever that of its layers', async () => {
    const elu = layer('ELU', 'e', [x], { alpha: 1 })
    const entrances = [
      ['q', 0, 0],
      ['p', 0, 0],
    ]
    const sum = layer('Add', 's', [[value('p'), value('q')]])
    const within = model([input('p'), input('q'), sum], ['s', 0, 0], entrances)
    const inner = layer('Functional', 'm', [[value('r'), value('e')]], within['config'] as Json, { mask: [null, null] })
    const { document, report } = await taken(model([input('x'), relu, elu, inner, ...ends('m')], DENSE))
    expect(report.unsupported).toEqual([])
    const { layers } = expand(document)
    const entering = layers.find(({ op }) => op.kind === 'add')!.inputs.map((at) => layers[at]!.op.kind)
    expect(entering).toEqual(['elu', 'relu'])
    const one = layer('Functional', 'm', [value('r')], within['config'] as Json)
    await expect(taken(model([input('x'), relu, one, ...ends('m')], DENSE))).rejects.toThrow('takes 2 values, and 1 enter it')
  })

  it('comes in up to its first output, which is told', async () => {
    const more = layer('ELU', 'other', [value('r')], { alpha: 1 })
    const { report } = await taken(model([input('x'), relu, ...ends('r'), more], [DENSE, ['other', 0, 0]]))
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(report.left).toEqual(['all that leaves it but the first of 2', '1 layer that the first output does not depend on'])
  })

  it('has ends and zeros as its program wrote them, and tells that an offset is learned here', async () => {
    expect(await listed(layer('ReLU', 'r', [x], { max_value: 1e9 }))).toEqual([])
    const zeros = [
      [1, 1],
      [1, 1],
    ]
    const pool = layer('MaxPooling2D', 'most', [value('p')], { pool_size: [3, 3], strides: [2, 2], padding: 'valid' })
    const around = layer('ZeroPadding2D', 'p', [value('r')], { padding: zeros })
    const pooled = (one: Json): Promise<ImportedNetwork> =>
      taken(model([input('x'), one, around, pool, ...ends('most')], DENSE), 8)
    expect((await pooled(layer('ReLU', 'r', [x], { max_value: 6 }))).report).toMatchObject({ unsupported: [], hasWeights: true })
    expect((await pooled(layer('ELU', 'r', [x], { alpha: 1 }))).report.unsupported).toHaveLength(1)
    const behind = { pad_width: [[0, 0], [0, 0], [0, 0], [0, 2]], mode: 'constant' } // prettier-ignore
    const pad = (filled: number): Json => ofOperations(layer('Pad', 'pad', [x], behind, { constant_values: filled }))
    const widened = await taken(model([input('x'), pad(0), ...ends('pad')], DENSE), 64)
    expect(widened.report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(await listed(pad(1))).toHaveLength(1)
    const { report } = await taken(
      model([input('x'), layer('Rescaling', 'r', [x], { scale: 2, offset: -1 }), ...ends('r')], DENSE),
    )
    expect(report.approximated).toEqual(['an offset (Rescaling) is a number of the program there, and learned here'])
  })

  it('has layers listed whose images have their channels first', async () => {
    const why = 'its images have their channels first'
    for (const kind of ['Flatten', 'GlobalAveragePooling2D', 'ZeroPadding2D', 'SpatialDropout2D'])
      expect(
        await listed(
          layer(kind, 'odd', [x], {
            data_format: 'channels_first',
            padding: [
              [1, 1],
              [1, 1],
            ],
          }),
        ),
      ).toContain(`odd: ${why}`)
  })

  it('has calls listed that say more than is understood', async () => {
    const numbers = { class_name: '__numpy__', config: { value: [[[[1, 2]]]] } }
    const odd = async (kind: string, args: unknown[], config: Json = {}, kwargs: Json = {}): Promise<string> =>
      (await listed(relu, layer(kind, 'odd', args, config, kwargs)))[0]!
    const r = value('r')
    expect(await odd('BatchNormalization', [r], { axis: -1 }, { training: true })).toBe('odd: it is called with "training"')
    expect(await odd('ReLU', [r], {}, { mask: x })).toBe('odd: it is called with "mask"')
    expect(await odd('Add', [[r, x, 3]])).toBe('odd: it adds more than one number, or to more than one value')
    expect(await odd('Concatenate', [[r, x, numbers]], { axis: -1 })).toBe('odd: it is called with numbers of the program')
    expect(await odd('ReLU', [r, x])).toBe('odd: it takes 2 values')
    expect(await listed(relu, ofOperations(layer('Average', 'odd', [r, x])))).toEqual(['odd: it is no mean of several layers'])
    expect(await listed(relu, { ...layer('ELU', 'odd', [r]), module: 'mine' })).toEqual(['odd: it is a class of somebody’s own'])
    expect(await listed(layer('BatchNormalization', 'fine', [x], { axis: -1 }, { training: false, mask: [null] }))).toEqual([])
  })

  it('has a softmax at its end listed that is of no row of logits', async () => {
    const along = layer('Softmax', 'odd', [value('dense')], { axis: 0 })
    const { report: first } = await taken(model([input('x'), ...ends('x'), along], ['odd', 0, 0]))
    expect(first.unsupported).toMatchObject([{ name: 'odd', why: 'it is along axis 0' }])
    const pixels = layer('Dense', 'dense', [x], { units: 3, activation: 'softmax' })
    const { report } = await taken(model([input('x'), pixels], DENSE), 2)
    expect(report.left).toEqual([])
    expect(report.unsupported).toMatchObject([{ name: 'dense', what: 'softmax' }])
  })

  it('that is no network has a sentence with the layer', async () => {
    const refused = async (...layers: unknown[]): Promise<unknown> =>
      taken(model([input('x'), ...layers, ...ends('x')], DENSE)).then(
        () => undefined,
        (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
      )
    expect(await refused(null)).toMatch(/^UserError.*layer number 2 lacks its class/)
    expect(await refused({ class_name: 'ReLU', name: 'r' })).toMatch(/^UserError.*layer "r" lacks its class/)
    expect(await refused(relu, relu)).toMatch(/^UserError.*two layers are called "r"/)
    expect(await listed(layer('ZeroPadding2D', 'odd', [x], { padding: 1 }))).toEqual(['odd: there is no such padding here'])
    const deep = JSON.stringify(model([input('x'), ...ends('x')], DENSE)).replace(
      '"kwargs"',
      `"more":${'['.repeat(20_000)}${']'.repeat(20_000)},"kwargs"`,
    )
    await expect(taken(deep)).rejects.toMatchObject({ name: 'UserError' })
  })

  it('that is spoilt anywhere has a sentence, whatever the spoilt value', async () => {
    const random = new Random(7)
    const whole = [
      model(
        [
          input('x'),
          layer('ZeroPadding2D', 'p', [x], {
            padding: [
              [1, 1],
              [1, 1],
            ],
          }),
          layer('AveragePooling2D', 'a', [value('p')], { pool_size: [3, 3], strides: [1, 1], padding: 'valid' }),
          ...ends('a'),
        ],
        DENSE,
      ),
      model(
        [
          input('x'),
          relu,
          layer('Add', 's', [[x, value('r')]]),
          layer('BatchNormalization', 'n', [value('s')], { axis: -1, epsilon: 0.001, momentum: 0.9 }),
          ...ends('n'),
        ],
        DENSE,
      ),
    ]
    const odd = [null, -1, 1e9, 0.5, '', 'x', true, [], {}, [[1]], [null], { class_name: '__keras_tensor__' }]
    for (let round = 0; round < 240; round++) {
      const spoilt = JSON.parse(JSON.stringify(whole[round % whole.length])) as Record<string, unknown>
      let at = spoilt
      for (;;) {
        const keys = Object.keys(at)
        const key = keys[random.integer(keys.length)]!
        const next = at[key]
        if (typeof next === 'object' && next !== null && Object.keys(next).length > 0 && random.uniform() < 0.85)
          at = next as Record<string, unknown>
        else {
          at[key] = odd[random.integer(odd.length)]
          break
        }
      }
      await taken(spoilt).catch((error: unknown) =>
        expect((error as Error).name, `${JSON.stringify(spoilt)}: ${(error as Error).stack}`).toBe('UserError'),
      )
    }
  })
})
