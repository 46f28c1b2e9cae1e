import { describe, expect, it } from 'vitest'
import {
  countReads,
  expandedConstant,
  reshapedConstant,
  sameAlong,
  someOfConstant,
  turnedConstant,
} from '../../../main/engine/foreign/onnx/constants'
import { convertOnnx } from '../../../main/engine/foreign/onnx/convert'
import { Reads } from '../../../main/engine/foreign/onnx/reads'
import type { Constant, NodeAttributes, OnnxModel, OnnxNode } from '../../../main/formats/onnx/model'

/** Counts how many of its numbers are read. */
function counted(dims: number[], reads: { count: number }): Constant {
  const length = dims.reduce((a, b) => a * b, 1)
  const values = Float32Array.from({ length }, (_, at) => at)
  const floats = (): Float32Array =>
    new Proxy(values, {
      get(of, name) {
        if (typeof name === 'string' && /^\d+$/.test(name)) reads.count += 1
        return Reflect.get(of, name, of) as unknown
      },
    })
  return { dims, length, floats, integers: () => undefined }
}
const attributes = (given: Readonly<Record<string, readonly number[]>> = {}): NodeAttributes => ({
  has: (name) => Object.hasOwn(given, name),
  ...{ int: (_, absent) => absent, float: (_, absent) => absent, text: (_, absent) => absent },
  ints: (name) => given[name],
  ...{ floats: () => undefined, tensor: () => undefined },
})
const node = (op: string, inputs: string[], output: string, given?: Record<string, number[]>): OnnxNode => ({
  ...{ name: output, op, inputs, outputs: [output], attributes: attributes(given) },
})
const model = (nodes: OnnxNode[], constants: Record<string, Constant>, dims: number[], output: string): OnnxModel => ({
  ...{ producer: '', nodes, constants: new Map(Object.entries(constants)), outputs: [output] },
  inputs: [{ name: 'x', dims }],
})

describe('what nodes make of constants', () => {
  it('is the numbers that it would be one after the other', () => {
    const from = counted([2, 1, 3], { count: 0 })
    const wide = expandedConstant(from, [2, 4, 3])!
    const turned = turnedConstant(wide, [2, 0, 1])!
    const part = someOfConstant(turned, 0, 2, 2, -2)!
    const rows = reshapedConstant(part, [2, -1])!
    expect(rows.dims).toEqual([2, 8])
    expect([...rows.floats()]).toEqual([2, 2, 2, 2, 5, 5, 5, 5, 0, 0, 0, 0, 3, 3, 3, 3])
    expect([...sameAlong(wide, 1)!.floats()]).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('reads one number where one is asked for, however many lie between', () => {
    const reads = { count: 0 }
    let constant = expandedConstant(counted([1], reads), [2048, 2048])!
    for (let round = 0; round < 50; round++) constant = turnedConstant(constant, [1, 0])!
    for (const axis of [0, 1]) constant = someOfConstant(constant, axis, 7, 1)!
    expect(constant.floats()).toEqual(Float32Array.of(0))
    expect(reads.count).toBe(1)
  })

  it('may have sixteen axes, and thousands of sides are passed through once', () => {
    let reads = 0
    const sides = (count: number): number[] =>
      new Proxy(new Array<number>(count).fill(1), {
        get(of, name, self) {
          if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1
          return Reflect.get(of, name, self) as unknown
        },
      })
    const work = (count: number): unknown => {
      reads = 0
      const constant: Constant = { ...counted([1], { count: 0 }), dims: sides(count) }
      return (
        turnedConstant(constant, [...constant.dims.keys()]) ??
        someOfConstant(constant, 0, 0, 1) ??
        expandedConstant(constant, [1])
      )
    }
    expect(work(16)).toBeDefined()
    expect(work(17)).toBeUndefined()
    work(1000)
    const few = reads
    work(2000)
    expect(reads / few).toBeLessThan(2.01)
  })

  it('is refused in a sentence where it comes to far more numbers than the file has', () => {
    const adds = Array.from({ length: 40 }, (_, at) => node('Add', [at === 0 ? 'x' : `y${at - 1}`, 'big'], `y${at}`))
    const sides: Constant = {
      dims: [4],
      length: 4,
      floats: () => Float32Array.of(2, 4, 512, 512),
      integers: () => [2, 4, 512, 512],
    }
    const all = [node('Expand', ['k', 'sides'], 'big'), ...adds]
    const hostile = model(
      all,
      { k: { dims: [1], length: 1, floats: () => Float32Array.of(1), integers: () => undefined }, sides },
      [2, 4, 512, 512],
      'y39',
    )
    expect(() => convertOnnx(hostile, 'net', 'net.onnx')).toThrow(
      'net.onnx: its nodes turn, repeat or cut constants into far more numbers than are in it',
    )
  })

  it('may read what is in the file as often as layers of a network share it', () => {
    const weights = counted([4, 16], { count: 0 })
    countReads(weights, new Reads('net.onnx', 0))
    const row = someOfConstant(weights, 0, 1, 1)!
    for (let layer = 0; layer < 25; layer++) row.floats()
    expect(() => row.floats()).toThrow('far more numbers than are in it')
  })
})

describe('a norm that many nodes take', () => {
  it('is asked once how many they are', () => {
    const work = (count: number): number => {
      let reads = 0
      const asked = (one: OnnxNode): OnnxNode => ({
        ...one,
        get op() {
          reads += 1
          return one.op
        },
      })
      const norm = [
        node('Mul', ['x', 'x'], 's'),
        node('ReduceMean', ['s'], 'm', { axes: [1] }),
        node('Add', ['m', 'little'], 'l'),
      ]
      const bare = [...norm, node('Sqrt', ['l'], 'r'), node('Div', ['x', 'r'], 'n')]
      const takers = Array.from({ length: count }, (_, at) => node('Add', ['n', 'little'], `y${at}`))
      const last = asked({
        ...node(
          'Sum',
          takers.map(({ name }) => name),
          'y',
        ),
      })
      const little: Constant = { dims: [], length: 1, floats: () => Float32Array.of(1e-5), integers: () => undefined }
      convertOnnx(model([...bare, ...takers.map(asked), last], { little }, [2, 4, 8, 8], 'y'), 'net', 'net.onnx')
      return reads
    }
    const [few, many] = [work(200), work(400)]
    expect(few).toBeGreaterThan(200)
    expect(many / few).toBeLessThan(2.01)
  })
})

describe('a kernel that several nodes of an ONNX file have', () => {
  it('is told once, as each of their layers learns its own here; a node that leads nowhere does not count', () => {
    const kernel = counted([3, 3, 1, 1], { count: 0 })
    const nodes = [
      node('Conv', ['x', 'same'], 'a'),
      node('Relu', ['a'], 'b'),
      node('Conv', ['b', 'same'], 'c'),
      node('Conv', ['c', 'own'], 'd'),
      node('Conv', ['b', 'own'], 'aside'),
      node('GlobalAveragePool', ['d'], 'e'),
    ]
    const constants = { same: kernel, own: counted([3, 3, 1, 1], { count: 0 }) }
    const { approximated } = convertOnnx(model(nodes, constants, [1, 3, 4, 4], 'e'), 'net', 'net.onnx')
    expect(approximated).toEqual(['same: one for 2 layers in the file, and each of those learns its own here'])
  })
})
