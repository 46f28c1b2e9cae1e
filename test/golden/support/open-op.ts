import type { Tensor } from '../../../shared/ops/graph'
import { ops } from '../../../shared/ops'
import type { OpDefinition, Shape } from '../../../shared/ops/op'
import { Random } from '../../../shared/random'
import { type Expression, openExpression } from './expression'
import type { OpCase } from './op-cases'

export const BATCH = 3

/** One value that a layer takes: an input, a parameter or a statistic. */
export interface Variable {
  readonly name: string
  /** With the batch. */
  readonly shape: readonly number[]
  readonly role: 'input' | 'parameter' | 'statistic'
  values: Float32Array
}

/** A layer on its own in a session: its forward pass, and its gradient rule under a given dE/d(output). */
export interface OpenOp {
  readonly op: OpDefinition
  readonly attributes: Record<string, unknown>
  readonly variables: readonly Variable[]
  readonly labels: Int32Array
  /** Of the output, with the batch. */
  readonly outputShape: Shape
  readonly functional: Float32Array
  /** The output with the variables' present values. */
  forward(training: boolean): Float32Array
  /** dE/d(variable) by the layer's rule, in the order of the inputs and parameters, where E = Σ functional·output. */
  gradients(): ReadonlyMap<string, Float32Array>
  close(): void
}

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

/** Values that are normal, or keep off a kink by at least 0.3. */
function draw(length: number, kink: OpCase['kink'], random: Random): Float32Array {
  if (kink === 'ties') return Float32Array.from(random.permutation(length), (rank) => 0.6 * (rank - length / 2))
  return Float32Array.from({ length }, () => {
    const value = random.normal()
    // Three times as wide, so that the ends of what is clipped are on both sides.
    if (kink === 'ends') return Math.floor(6 * value) / 2 + 0.25
    return kink === 'zero' ? Math.sign(value) * (0.5 + Math.abs(value)) : value
  })
}

export function openOp(opCase: OpCase, seed = 1): OpenOp {
  const op = ops.get(opCase.kind)!
  const attributes = op.attributes.parse(opCase.attributes ?? {}) as Record<string, unknown>
  const random = new Random(seed)
  const shape = op.shape(opCase.inputs, attributes)
  const outputShape = opCase.kind === 'softmax-cross-entropy' ? [] : [BATCH, ...shape]
  // The input layer has no inputs: the images come to it from outside.
  const entering = op.arity[1] === 0 ? [shape] : opCase.inputs
  const variables: Variable[] = [
    ...entering.map((own, i) => ({ name: `input${i}`, shape: [BATCH, ...own], role: 'input' as const })),
    ...(op.parameters?.(opCase.inputs, attributes) ?? []).map((spec) => ({ ...spec, role: 'parameter' as const })),
    ...(op.statistics?.(opCase.inputs, attributes) ?? []).map((spec) => ({ ...spec, role: 'statistic' as const })),
  ].map(({ name, shape, role }) => ({ name, shape, role, values: draw(size(shape), role === 'input' ? opCase.kink : undefined, random) })) // prettier-ignore
  for (const variable of variables) if (variable.name === 'variance') variable.values = variable.values.map((v) => 0.5 + v * v)
  if (opCase.kink === 'bias')
    for (const { name, values } of variables)
      if (name === 'bias') values.forEach((value, i) => (values[i] = (i % 2 ? -1 : 1) * (6 + Math.abs(value))))
  const labels = Int32Array.from({ length: BATCH }, () => random.integer(shape[0] ?? opCase.inputs[0]![0]!))
  const functional = op.kind === 'softmax-cross-entropy' ? Float32Array.of(1) : draw(size(outputShape), undefined, random)

  let gradientNames: string[] = []
  const build = (pass: 'training' | 'evaluation' | 'gradient'): Expression =>
    openExpression((g) => {
      const placeholder = new Map<string, Tensor>(variables.map(({ name, shape }) => [name, g.placeholder(name, shape)]))
      const of = (role: Variable['role']): [string, Tensor][] =>
        variables.filter((v) => v.role === role).map(({ name }) => [name, placeholder.get(name)!])
      const inputs = of('input').map(([, tensor]) => tensor)
      const parameters = Object.fromEntries(of('parameter'))
      const result = op.forward(g, {
        attributes,
        inputs,
        parameters,
        statistics: Object.fromEntries(of('statistic')),
        labels: g.placeholder('labels', [BATCH], 'int32'),
        labelSmoothing: 0,
        key: g.constant([3, 4], [2], 'int32'),
        index: 1,
        training: pass !== 'evaluation',
      })
      if (pass !== 'gradient') return [result.output]
      const gradient = op.gradient(g, {
        attributes,
        inputs,
        parameters,
        output: result.output,
        saved: result.saved ?? [],
        dy: g.placeholder('dy', outputShape),
        wanted: inputs.map(() => true),
        training: true,
        statistics: {},
      })
      const named: [string, Tensor][] = [
        ...gradient.inputs.map((tensor, i): [string, Tensor] => [`input${i}`, tensor!]),
        ...Object.entries(gradient.parameters ?? {}),
      ]
      gradientNames = named.map(([name]) => name)
      return named.map(([, tensor]) => tensor)
    })

  const sessions = new Map<string, Expression>()
  const session = (pass: 'training' | 'evaluation' | 'gradient'): Expression => {
    const open = sessions.get(pass) ?? build(pass)
    sessions.set(pass, open)
    return open
  }
  const feeds = (): Record<string, { shape: readonly number[]; values: Float32Array | Int32Array }> => ({
    ...Object.fromEntries(variables.map(({ name, shape, values }) => [name, { shape, values }])),
    labels: { shape: [BATCH], values: labels },
  })
  return {
    op,
    attributes,
    variables,
    labels,
    outputShape,
    functional,
    forward: (training) => session(training ? 'training' : 'evaluation').run(feeds())[0] as Float32Array,
    gradients() {
      if (op.arity[1] === 0) return new Map()
      const values = session('gradient').run({ ...feeds(), dy: { shape: outputShape, values: functional } })
      return new Map(gradientNames.map((name, i) => [name, values[i] as Float32Array]))
    },
    close: () => sessions.forEach((expression) => expression.close()),
  }
}
