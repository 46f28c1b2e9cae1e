import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inOnnx } from '../../../main/engine/foreign/fx/in-onnx'
import type { ImportedNetwork } from '../../../main/engine/questions'
import { importNetwork } from '../../../main/engine/tasks/import-network'
import type { FxNetwork } from '../../../main/formats/fx'
import { type TensorSource, writeSafetensors } from '../../../main/formats/safetensors'

const folder = mkdtempSync(path.join(tmpdir(), 'normlab-fx-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Call = Readonly<Record<string, unknown>>
const call = (name: string, of: string, args: unknown[], shape: number[] | undefined, options = {}): Call => ({
  ...{ name, call: of, args, options },
  ...(shape && { shape }),
})
const at = (node: string): unknown => ({ node })
const X = call('x', 'placeholder', [], [2, 2, 4, 4])
const out = (name: string): Call => call('out', 'output', [at(name)], undefined)
const linear = (from: string, name = 'fc'): Call =>
  call(name, 'torch.nn.Linear', [at(from)], [2, 3], { weight: { tensor: 'fc.weight' }, bias: null })

let files = 0
function taken(calls: unknown, metadata: Record<string, string> = {}): Promise<ImportedNetwork> {
  const file = path.join(folder, `net${++files}.fx`)
  const tensor = (name: string, rows: number): TensorSource => {
    const values = Float32Array.from({ length: 2 * rows }, (_, i) => i)
    return { name, shape: [rows, 2], dtype: 'F32', data: () => [values] }
  }
  const graph = typeof calls === 'string' ? calls : JSON.stringify({ input: [2, 4, 4], calls })
  writeSafetensors(file, [tensor('fc.weight', 3), tensor('wide.weight', 8)], {
    format: 'normlab/fx/1',
    producer: 'PyTorch 2',
    graph,
    ...metadata,
  })
  return importNetwork({ file, name: 'net.fx', out: `${file}.safetensors` })
}

const said = (calls: Call[]): ReturnType<typeof inOnnx> =>
  inOnnx({
    ...{ producer: '', input: [2, 4, 4], shared: {}, parametrised: {}, calls: calls as unknown as FxNetwork['calls'] },
    ...{ tensor: () => undefined, close: () => undefined },
  })

/** How often something in a map, a set or a list was read, one by one. */
function readsDuring(work: () => void): number {
  let reads = 0
  const counted = <T extends object>(of: T, name: keyof T, isEach: boolean): (() => void) => {
    const real = of[name] as (...given: unknown[]) => unknown
    const replacement = function (this: unknown, ...given: unknown[]): unknown {
      reads += 1
      const result = real.apply(this, given)
      if (!isEach) return result
      const each = result as Iterator<unknown>
      const next = (): IteratorResult<unknown> => {
        reads += 1
        return each.next()
      }
      return { next, [Symbol.iterator]: () => ({ next }) }
    }
    of[name] = replacement as T[keyof T]
    return () => {
      of[name] = real as T[keyof T]
    }
  }
  const undo = [
    counted(Map.prototype, 'get', false),
    counted(Map.prototype, 'set', false),
    counted(Map.prototype, Symbol.iterator, true),
    counted(Set.prototype, Symbol.iterator, true),
    counted(Array.prototype, Symbol.iterator, true),
  ]
  try {
    work()
  } finally {
    for (const one of undo) one()
  }
  return reads
}

describe('a network of torch.fx', () => {
  it('has a softmax at its end left out along the features alone', async () => {
    const ending = (of: string, dim: number): Promise<ImportedNetwork> =>
      taken([
        ...[X, call('mean', 'mean', [at('x'), [2, 3]], [2, 2]), linear('mean')],
        ...[call('p', of, [at('fc')], [2, 3], { dim }), out('p')],
      ])
    for (const of of ['softmax', 'log_softmax']) {
      expect((await ending(of, -1)).report).toMatchObject({ unsupported: [], left: [expect.stringContaining('at the end')] })
      expect((await ending(of, 0)).report).toMatchObject({ unsupported: [{ name: 'p' }], left: [] })
    }
  })

  it('lists what is no layer here with the reason, and calls it as its program does', async () => {
    const mean = (from: string): Call => call('mean', 'mean', [at(from), [2, 3]], [2, 2])
    const { report } = await taken([
      ...[X, call('gone', 'dim', [at('x')], undefined)],
      { ...call('a', 'torch.nn.Mish', [at('x')], [2, 2, 4, 4]), path: 'stem.act' },
      call('b', 'add', [at('a'), at('x')], [2, 2, 4, 4], { alpha: 2 }),
      call('c', 'torch.nn.Conv2d', [at('b')], [2, 2, 4, 4], { weight: { tensor: 'lost' } }),
      ...[mean('c'), linear('mean'), call('again', 'linear', [at('mean'), { tensor: 'fc.weight' }], [2, 3])],
      ...[call('sum', 'add', [at('fc'), at('again')], [2, 3]), out('sum')],
    ])
    expect(report.unsupported).toEqual([
      { name: 'stem.act', what: 'torch.nn.Mish', why: 'there is no such layer here' },
      { name: 'b', what: 'add', why: 'it multiplies the second by a number before' },
      { name: 'c', what: 'torch.nn.Conv2d', why: 'its weights are no tensors of its own' },
    ])
    expect(report.approximated).toEqual(['fc.weight: one for 2 layers in PyTorch, and each of those learns its own here'])
  })

  it('takes a dense layer of rows alone, and a shape for what it comes to', async () => {
    const flat = call('flat', 'view', [at('pool'), 2, -1], [2, 2])
    const pool = call('pool', 'adaptive_avg_pool2d', [at('x'), 1], [2, 2, 1, 1])
    const { document, report } = await taken([X, pool, flat, linear('flat'), out('fc')])
    expect(report).toMatchObject({ hasWeights: true, parameters: 6 })
    expect(document.nodes.map(({ kind }) => kind)).toEqual(['input', 'global-average-pool', 'dense', 'softmax-cross-entropy'])
    expect((await taken([X, linear('x'), out('fc')])).report.unsupported).toMatchObject([
      { why: 'it takes 2 features, and 4 enter it' },
    ])
  })

  const IMAGE = [2, 2, 4, 4]
  const relu = (from: string): Call => call('relu', 'relu_', [at(from)], IMAGE)
  it.each<[string, unknown[], boolean]>([
    ['clone', [], false],
    ['add', [0], false],
    ['mul', [1], false],
    ['adaptive_avg_pool2d', [4], false],
    ['detach', [], true],
    ['contiguous', [], true],
    ['float', [], true],
    ['view', [2, 2, 4, 4], true],
    ['torch.nn.Identity', [], true],
  ])('changed in place is changed for what shares its memory, and not for a copy: %s', (of, args, isShared) => {
    const sum = call('sum', 'add', [at('x'), at('s')], IMAGE)
    const { nodes } = said([X, call('s', of, [at('x'), ...args], IMAGE), relu('x'), sum, out('sum')])
    expect(nodes.find(({ name }) => name === 'sum')!.inputs).toEqual(['relu', isShared ? 'relu' : 's'])
  })

  it('of many values that are one piece of memory costs no more a call than one of few', () => {
    const work = (rounds: number): number => {
      const calls = Array.from({ length: rounds }, (_, i) => [
        call(`view${i}`, 'view', [at('x'), 2, 2, 4, 4], IMAGE),
        call(`part${i}`, 'permute', [at('x'), 0, 2, 3, 1], [2, 4, 4, 2]),
        call(`relu${i}`, 'relu_', [at(`view${i}`)], IMAGE),
      ])
      return readsDuring(() => said([X, ...calls.flat(), out('x')]))
    }
    const [few, many] = [work(200), work(400)]
    expect(few).toBeGreaterThan(2000)
    expect(many / few).toBeLessThan(2.01)
  })

  it('leaves out stochastic depth, which is told, but where it works in evaluation too', async () => {
    const whole = async (...given: unknown[]): Promise<ImportedNetwork['report']> => {
      const depth = call('depth', 'stochastic_depth', [at('x'), 0.2, 'row', ...given], IMAGE)
      return (await taken([X, depth, call('pool', 'mean', [at('depth'), [2, 3]], [2, 2]), linear('pool'), out('fc')])).report
    }
    const left = ['stochastic depth, which does something in training alone']
    expect(await whole(false)).toMatchObject({ left, unsupported: [], hasWeights: true })
    expect((await whole()).unsupported).toMatchObject([{ why: 'it drops whole branches in evaluation too' }])
  })

  const window = (bound: unknown): Call => {
    const all = { slice: [null, null, null] }
    return call('part', 'getitem', [at('x'), [all, all, { slice: [null, bound, 2] }, { slice: [null, bound, 2] }]], [2, 2, 2, 2])
  }
  it.each<[string, string, Call[]]>([
    ['a slice whose end is worked out', 'what it takes is worked out', [call('h', 'sub', [4, 1], undefined), window(at('h'))]],
    ['a slice whose end is something else', 'what it takes is worked out', [window({ other: 'Ellipsis' })]],
    [
      'a bound that is worked out',
      'its bounds are no numbers',
      [call('h', 'sub', [4, 1], undefined), call('part', 'clamp', [at('x'), 0, at('h')], IMAGE)],
    ],
    [
      'pixels that another value changes in place',
      'what it takes was changed in place by way of other pixels of it',
      [window(null), relu('x'), call('again', 'relu', [at('part')], [2, 2, 2, 2])],
    ],
    [
      'a shape that PyTorch did not have there',
      'it would come to 2×2×2, and came to 3×3×2 there',
      [call('part', 'max_pool2d', [at('x'), 2], [2, 2, 3, 3])],
    ],
    [
      'a pool by norms that rounds up',
      'it rounds its output’s sides up',
      [
        call('part', 'torch.nn.LPPool2d', [at('x')], [2, 2, 2, 2], {
          norm_type: 2,
          kernel_size: 3,
          stride: null,
          ceil_mode: true,
        }),
      ],
    ],
    [
      'a norm of more channels than any network has',
      'it norms 2147483648 channels, and at most 65536 are taken',
      [call('big', 'relu', [at('x')], [2, 2 ** 31, 1, 1]), call('part', 'torch.nn.GroupNorm', [at('big')], [2, 2 ** 31, 1, 1])],
    ],
    [
      'a norm whose statistics are of other channels',
      'it has statistics of 6 channels, and 2147483648 enter it',
      [
        call('big', 'relu', [at('x')], [2, 2 ** 31, 1, 1]),
        call('part', 'batch_norm', [at('big'), { tensor: 'fc.weight' }, { tensor: 'fc.weight' }], [2, 2 ** 31, 1, 1]),
      ],
    ],
  ])('lists %s', async (_, why, calls) => {
    const { report } = await taken([X, ...calls, out(calls.at(-1)!['name'] as string)])
    expect(report.unsupported).toContainEqual(expect.objectContaining({ why }))
  })

  it.each<[string, Call, number[] | string]>([
    ['in its own words', call('t', 'transpose', [at('x')], IMAGE, { dim0: -2, dim1: 3 }), [0, 1, 3, 2]],
    ['in NumPy’s', call('t', 'swapaxes', [at('x')], IMAGE, { axis0: 2, axis1: 3 }), [0, 1, 3, 2]],
    ['that are not told', call('t', 'swapaxes', [at('x')], IMAGE), 'it turns axes that are not there'],
    ['that are not there', call('t', 'transpose', [at('x'), 2, 4], IMAGE), 'it turns axes that are not there'],
  ])('turns the axes that a call is told, or lists why not: %s', (_, turn, wanted) => {
    const { attributes, why } = said([X, turn, out('t')]).nodes[0]!
    expect(why ?? attributes.ints('perm')).toEqual(wanted)
  })

  it.each(['Relu', 'Tanh', 'Softmax', 'Identity', 'Constant', 'Shape'])(
    'lists a call that is none of PyTorch’s and is called like an operator of ONNX: %s',
    async (of) => {
      const why = 'there is no such layer here'
      const within = [
        X,
        call('a', of, [at('x')], IMAGE),
        call('pool', 'mean', [at('a'), [2, 3]], [2, 2]),
        linear('pool'),
        out('fc'),
      ]
      expect((await taken(within)).report.unsupported).toEqual([{ name: 'a', what: of, why }])
      const last = [
        X,
        call('pool', 'mean', [at('x'), [2, 3]], [2, 2]),
        linear('pool'),
        call('a', of, [at('fc')], [2, 3]),
        out('a'),
      ]
      expect((await taken(last)).report.unsupported).toEqual([{ name: 'a', what: of, why }])
    },
  )

  it('lists bounds of a clamp that are tensors', () => {
    const bound = (...given: unknown[]): string | undefined =>
      said([X, call('a', 'clamp', [at('x'), ...given], IMAGE), out('a')]).nodes[0]!.why
    expect(bound(0, { tensor: 'fc.weight' })).toBe('its bounds are no numbers')
    expect(bound(at('x'))).toBe('its bounds are no numbers')
    expect(bound(0, null)).toBeUndefined()
  })

  it('tells that dropout of an attention’s weights is left out', () => {
    const left = (...given: unknown[]): string | undefined =>
      said([X, call('a', 'scaled_dot_product_attention', [at('x'), at('x'), at('x'), ...given], IMAGE), out('a')]).nodes[0]!.left
    expect(left(null, 0.5)).toBe('dropout of an attention’s weights, which does something in training alone')
    expect(left(null, 0)).toBeUndefined()
  })

  it('takes a softmax’s axis by its name, by NumPy’s, or as PyTorch does where it is not told', () => {
    const axis = (shape: number[], options = {}): number =>
      said([
        X,
        call('a', 'softmax', [at('x')], IMAGE),
        call('b', 'view', [at('x')], shape),
        call('c', 'softmax', [at('b')], shape, options),
      ])
        .nodes.at(-1)!
        .attributes.int('axis', 99)
    expect([axis(IMAGE), axis([2, 2, 16]), axis([2, 32])]).toEqual([1, 0, 1])
    expect([axis(IMAGE, { dim: 3 }), axis(IMAGE, { axis: 2 })]).toEqual([3, 2])
  })

  it('takes the ε of an RMS norm for what it is, wherever it stands', () => {
    for (const [args, options] of [
      [[[4], null, 0.25], {}],
      [[[4]], { eps: 0.25 }],
    ] as const) {
      const { nodes } = said([X, call('a', 'rms_norm', [at('x'), ...args], IMAGE, options), out('a')])
      expect(nodes).toMatchObject([{ op: 'RMSNormalization', inputs: ['x', expect.any(String)] }])
      expect(nodes[0]!.attributes.float('epsilon', 1)).toBe(0.25)
    }
  })

  it('makes a norm’s ones and zeros when they are read, lest thousands of them are there at once', () => {
    const { constants } = said([X, call('a', 'layer_norm', [at('x'), [65536]], IMAGE), out('a')])
    const [scale, shift] = [...constants.values()]
    expect([scale!.dims, shift!.dims]).toEqual([[65536], [65536]])
    expect([scale!.floats()[65535], shift!.floats()[65535]]).toEqual([1, 0])
    expect(scale!.floats()).not.toBe(scale!.floats())
  })

  it('takes absolute values by either of their names', async () => {
    const abs = (name: string, from: string): Call => call(name, name, [at(from)], IMAGE)
    const pool = call('pool', 'mean', [at('absolute'), [2, 3]], [2, 2])
    const { document, report } = await taken([X, abs('abs', 'x'), abs('absolute', 'abs'), pool, linear('pool'), out('fc')])
    expect(report).toMatchObject({ unsupported: [], hasWeights: true })
    expect(document.nodes.map(({ kind }) => kind).slice(1, 4)).toEqual(['abs', 'abs', 'global-average-pool'])
  })

  /** Sixteen tokens of eight features, each a product of two. */
  const TOKENS = [
    ...[X, call('flat', 'flatten', [at('x'), 2], [2, 2, 16]), call('rows', 'transpose', [at('flat'), 1, 2], [2, 16, 2])],
    call('tokens', 'torch.nn.Linear', [at('rows')], [2, 16, 8], { weight: { tensor: 'wide.weight' }, bias: null }),
  ]
  const whys = async (calls: Call[]): Promise<string[]> =>
    (await taken([...TOKENS, ...calls, out(calls.at(-1)!['name'] as string)])).report.unsupported.map(({ why }) => why)
  const none = { slice: [null, null, null] }
  const cut = (from: number | null, to: number | null, count: number, step: number | null = null): Call =>
    call(
      `cut${from}to${to}`.replace(/-/g, '_'),
      'getitem',
      [at('tokens'), [none, none, { slice: [from, to, step] }]],
      [2, 16, count],
    )

  it.each<[string, Call, number, string?]>([
    ['from the first on', cut(0, 3, 3), 3],
    ['beyond the last, which is none more', cut(5, 99, 3), 3],
    ['told from behind', cut(-2, null, 2), 2],
    ['of which there is none', cut(8, 99, 0), 0, 'it takes a part of its input'],
    ['whose end lies before their beginning', cut(5, 2, 0), 0, 'it takes a part of its input'],
    ['from before the first on, which is none more', cut(-99, 3, 3), 3],
    ['every other one', cut(0, 8, 4, 2), 4, 'it takes a part of its input'],
  ])('takes features of tokens, or lists why not: %s', async (_, part, count, why) => {
    const mean = call('mean', 'mean', [at(part['name'] as string), 1], [2, count])
    const found = await whys([part, mean])
    if (why === undefined) expect(found).toEqual([])
    else expect(found).toContain(why)
  })

  it.each<[string, string, unknown, number, string?]>([
    ['of two each', 'split', 2, 2],
    ['of one and seven', 'split', [1, 7], 7],
    ['of one behind none', 'split', [0, 1, 7], 1],
    ['of none', 'split', [8, 0], 0, 'it takes a part of its input'],
    ['which have none each', 'split', 0, 0, 'its parts have lengths that cannot be'],
    ['of less than none', 'split', [9, -1], 1, 'its parts have lengths that cannot be'],
    ['of half a feature', 'split', [0.5, 7.5], 1, 'its parts have lengths that cannot be'],
    ['of as many as there are pieces, which are none', 'chunk', 0, 8, 'its parts have lengths that cannot be'],
  ])('takes parts of tokens, or lists why not: %s', async (_, of, lengths, count, why) => {
    const parts = call('parts', of, [at('tokens'), lengths, 2], [])
    const one = call('one', 'getitem', [at('parts'), 1], [2, 16, count])
    const found = await whys([parts, one, call('mean', 'mean', [at('one'), 1], [2, count])])
    if (why === undefined) expect(found).toEqual([])
    else expect(found).toContain(why)
  })

  it.each<[string, number, string?]>([
    ['the last', -1],
    ['the first, told from behind', -4],
    ['one before the first', -5, 'it takes a part of its input'],
    ['one behind the last', 4, 'it takes a part of its input'],
  ])('takes a piece of tokens by its place, or lists why not: %s', async (_, place, why) => {
    const parts = [
      call('parts', 'chunk', [at('tokens'), 4], [], { axis: -1 }),
      call('one', 'getitem', [at('parts'), place], [2, 16, 2]),
    ]
    const found = await whys([...parts, call('mean', 'mean', [at('one'), 1], [2, 2])])
    if (why === undefined) expect(found).toEqual([])
    else expect(found).toContain(why)
  })

  it('takes four times as many features out of a product as it has, and no more', async () => {
    const bounds = [...[0, 1].map((from) => [from, 7]), ...[0, 1, 2].map((from) => [from, 6]), [0, 1]] as [number, number][]
    const joined = (count: number): Call[] => {
      const parts = bounds.slice(0, count).map(([from, length]) => cut(from, from + length, length))
      const means = parts.map(({ name, shape }, i) =>
        call(`mean${i}`, 'mean', [at(name as string), 1], [2, (shape as number[])[2]!]),
      )
      const all = bounds.slice(0, count).reduce((sum, [, length]) => sum + length, 0)
      const list = means.map(({ name }) => at(name as string))
      return [...parts, ...means, call('all', 'cat', [list, 1], [2, all])]
    }
    const why = 'the channels of its input are taken more than 4 times, each time others'
    expect(await whys(joined(5))).not.toContain(why)
    expect(await whys(joined(6))).toContain(why)
  })

  it('has PyTorch’s momentum in a batch norm that says none, and none where it is a mean of all steps', async () => {
    const six = { tensor: 'fc.weight' }
    const wide = call('wide', 'torch.nn.Mish', [at('x')], [2, 6, 4, 4])
    const norm = (options: object): Call => call('norm', 'batch_norm', [at('wide'), six, six], [2, 6, 4, 4], options)
    const found = async (options: object): Promise<string[]> =>
      (await taken([X, wide, norm(options), out('norm')])).report.unsupported.map(({ why }) => why)
    expect(await found({})).not.toContain('its statistics are means of all steps')
    expect(await found({ momentum: null })).toContain('its statistics are means of all steps')
  })

  it.each<[string, unknown, Record<string, string>?]>([
    ['there is no network of the recorder’s in it', [X, out('x')], { format: 'normlab/fx/2' }],
    ['takes what "y" returns, which does not come before it', [X, out('y')]],
    ['two calls have the name "x"', [X, X, out('x')]],
    ['this is not JSON', '{"input": [2, 4'],
    ['deeper than any network has them', `{"input":[2,4,4],"calls":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
    ['calls.0.shape.0 must be at least 0', [{ ...X, shape: [-2] }, out('x')]],
    ['calls must have at least 1 entry', []],
    ['0 values enter the network', [call('y', 'relu', [], [2, 2]), out('y')]],
    ['2 values enter the network', [X, call('y', 'placeholder', [], [2, 2]), out('x')]],
    ['its output "" does not depend on the images', [X]],
  ])('that is spoilt gets a sentence: %s', async (sentence, calls, metadata) => {
    await expect(taken(calls, metadata)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(sentence) as string,
    })
  })
})
