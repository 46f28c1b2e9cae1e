import { readFileSync, statSync } from 'node:fs'
import { cutText } from '../../../shared/cut-text'
import { UserError } from '../../../shared/errors'
import { reasonOfAny } from '../../files/reasons'
import { type AttributeMessage, type ModelMessage, ModelProto, type NodeMessage, numberOf } from './schema'
import { bytesBeside } from './beside'
import type { NodeAttributes, OnnxModel, OnnxNode } from './model'
import { OnnxTensor } from './tensor'

/** As a file has them. */
class OnnxAttributes implements NodeAttributes {
  constructor(
    private readonly byName: ReadonlyMap<string, AttributeMessage>,
    private readonly tensorOf: (message: NonNullable<AttributeMessage['t']>) => OnnxTensor,
  ) {}

  has(name: string): boolean {
    return this.byName.has(name)
  }
  int(name: string, absent: number): number {
    const found = this.byName.get(name)
    return found ? numberOf(found.i) : absent
  }
  float(name: string, absent: number): number {
    return this.byName.get(name)?.f ?? absent
  }
  ints(name: string): number[] | undefined {
    return this.byName.get(name)?.ints.map(numberOf)
  }
  floats(name: string): readonly number[] | undefined {
    return this.byName.get(name)?.floats
  }
  text(name: string, absent: string): string {
    const found = this.byName.get(name)
    return found ? Buffer.from(found.s).toString('utf8') : absent
  }
  tensor(name: string): OnnxTensor | undefined {
    const message = this.byName.get(name)?.t
    return message ? this.tensorOf(message) : undefined
  }
}

/** What a file of a network may be: its reader holds it in memory. */
const MOST_BYTES = 2 ** 31 - 1
const MOST_NODES = 50_000

/**
 * Reads an ONNX file.
 *
 * @param called What messages call it.
 * @throws UserError where it is none, is cut off, or its nodes feed themselves.
 */
export function readOnnx(file: string, called = file): OnnxModel {
  const bytes = readBytes(file, called)
  const fault = (problem: string, remedy = 'export the network again'): UserError =>
    new UserError(problem, { place: called, remedy })
  let model: ModelMessage
  try {
    model = ModelProto.decode(bytes) as unknown as ModelMessage
  } catch {
    throw fault('this is no ONNX file, or it is cut off')
  }
  const { graph } = model
  if (!graph || graph.node.length === 0) throw fault('there is no network in it', 'choose an ONNX file of a network')
  if (graph.node.length > MOST_NODES)
    throw fault(`it has ${graph.node.length} nodes, more than the ${MOST_NODES} that are read`, 'export a smaller network')
  const tensorOf = (message: ConstructorParameters<typeof OnnxTensor>[0]): OnnxTensor => new OnnxTensor(message, file, called)
  const twice = duplicate([...graph.initializer.map(({ name }) => name), ...graph.node.flatMap(({ output }) => output)])
  if (twice !== undefined)
    throw fault(`it has two values of the name "${cutText(twice, 120)}", and which of them is meant nobody can tell`)
  const constants = new Map(graph.initializer.map((message) => [message.name, tensorOf(message)]))
  const nodes = ordered(
    graph.node.map((node, at) => nodeOf(node, at, tensorOf)),
    (name) => fault(`the node ${cutText(name, 120)} feeds itself`),
  )
  const opset = model.opset_import.find(({ domain }) => isOnnx(domain))
  return {
    ...(opset && { opset: numberOf(opset.version) }),
    producer: [model.producer_name, model.producer_version].filter(Boolean).join(' '),
    nodes,
    constants,
    beside: bytesBeside(file, graph.initializer),
    inputs: graph.input.flatMap(({ name, type }) => {
      if (constants.has(name)) return []
      const dims = type?.tensor_type?.shape?.dim ?? []
      return { name, dims: dims.map(({ dim_value: side }) => (numberOf(side) > 0 ? numberOf(side) : null)) }
    }),
    outputs: graph.output.map(({ name }) => name),
  }
}

function readBytes(file: string, called: string): Uint8Array {
  const fail = (problem: string, remedy: string): never => {
    throw new UserError(problem, { place: called, remedy })
  }
  try {
    const size = statSync(file).size
    if (size === 0) fail('the file is empty', 'fetch it again, or export the network again')
    if (size > MOST_BYTES)
      fail('the file is larger than 2 GB, which a file of this form cannot be', 'export its weights beside it')
    return readFileSync(file)
  } catch (error) {
    if (error instanceof UserError) throw error
    return fail(`the file cannot be read: ${reasonOfAny(error)}`, 'check its name and that it is yours to read')
  }
}

/** A name that is given twice; outputs that nobody takes have none. */
function duplicate(names: readonly string[]): string | undefined {
  const known = new Set<string>()
  return names.find((name) => name !== '' && known.size === known.add(name).size)
}

const isOnnx = (domain: string): boolean => domain === '' || domain === 'ai.onnx'

function nodeOf(message: NodeMessage, at: number, tensorOf: ConstructorParameters<typeof OnnxAttributes>[1]): OnnxNode {
  return {
    name: message.name || `${message.op_type} ${at + 1}`,
    op: isOnnx(message.domain) ? message.op_type : `${message.domain}.${message.op_type}`,
    inputs: message.input,
    outputs: message.output,
    attributes: new OnnxAttributes(new Map(message.attribute.map((one) => [one.name, one])), tensorOf),
  }
}

/** Nodes in an order in which each follows its inputs, the file's own where it allows that, as ONNX wants. */
function ordered(nodes: readonly OnnxNode[], feedsItself: (name: string) => UserError): OnnxNode[] {
  const makerOf = new Map<string, number>()
  nodes.forEach(({ outputs }, at) => outputs.forEach((name) => name !== '' && makerOf.set(name, at)))
  const state = new Uint8Array(nodes.length)
  const order: OnnxNode[] = []
  for (let start = 0; start < nodes.length; start++) {
    // A stack of our own: a file may hold a chain of thousands.
    const stack = [start]
    while (stack.length > 0) {
      const at = stack[stack.length - 1]!
      if (state[at] === 2) {
        stack.pop()
        continue
      }
      const waiting = nodes[at]!.inputs.map((name) => makerOf.get(name)).filter(
        (one): one is number => one !== undefined && state[one] !== 2,
      )
      state[at] = 1
      if (waiting.some((one) => state[one] === 1)) throw feedsItself(nodes[at]!.name)
      if (waiting.length === 0) {
        state[at] = 2
        order.push(nodes[at]!)
        stack.pop()
      } else stack.push(waiting[0]!)
    }
  }
  return order
}
