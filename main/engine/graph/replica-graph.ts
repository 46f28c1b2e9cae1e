import { elements } from '../../../shared/ops/op'
import type { Tensor } from '../../../shared/ops/graph'
import { type Attribute, DATA_TYPE } from './node'
import { T, T_FLOAT, T_INT32 } from './node-graph'
import { TensorGraph } from './tensor-graph'

/** Where a training pass is computed that is spread over several devices or processes. */
export interface Places {
  /** Of what there is once: variables, the update, evaluation; TensorFlow's choice where absent. */
  readonly base?: string | undefined
  /** Of each part of the batch, the first beside what there is once. */
  readonly parts: readonly (string | undefined)[]
}

/**
 * A graph whose training pass there is once for each part of the batch, data parallel. Within `onEach` every node is made for all
 * parts: under its own name for the first, which is what a tensor's id says, and under `replica1/` and so on for the others. What layers write
 * is therefore written once. All parts have the same number of rows.
 *
 * A part's gradients are those of the whole batch's loss, so the parts' kernels' gradients and squared norms have only to be added. What
 * looks at the whole batch is said here: batch norm, whose sums the parts exchange on both ways, and random numbers, which are drawn for the
 * whole batch, of which a part takes its rows.
 */
export class ReplicaGraph extends TensorGraph {
  override readonly replicas: number
  private isOnEach = false

  constructor(private readonly places: Places) {
    super()
    this.replicas = places.parts.length
  }

  override onEach<R>(make: () => R): R {
    if (this.isOnEach) return make()
    this.isOnEach = true
    this.constantsPlace = 'each|'
    try {
      return make()
    } finally {
      this.isOnEach = false
      this.constantsPlace = ''
    }
  }

  override node(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}, name?: string): string {
    const unique = this.nameFor(op, name)
    if (!this.isOnEach) this.put(unique, op, inputs, attributes, this.places.base)
    else
      this.forEach((part, device) =>
        this.put(
          idOf(unique, part),
          op,
          inputs.map((input) => idOf(input, part)),
          // Fusion rewrites a node's attributes in their place.
          { ...attributes },
          device,
        ),
      )
    return unique
  }

  override scatter(x: Tensor): Tensor {
    const rows = x.shape[0]! / this.replicas
    const shape = [rows, ...x.shape.slice(1)]
    const attributes = { T: T(x.dtype), Index: T_INT32 }
    const unique = this.nameFor('Scatter')
    const size = this.integers([rows, ...x.shape.slice(1).map(() => -1)]).id
    // Cut where the whole is, so that only a part travels.
    this.forEach((part) => {
      const begin = this.integers([part * rows, ...x.shape.slice(1).map(() => 0)]).id
      this.put(idOf(unique, part), 'Slice', [x.id, begin, size], attributes, this.places.base)
    })
    return { ...x, id: unique, shape }
  }

  override broadcast(x: Tensor): Tensor {
    const unique = this.nameFor('Broadcast')
    this.forEach((part, device) => this.put(idOf(unique, part), 'Identity', [x.id], { T: T(x.dtype) }, device))
    return { ...x, id: unique }
  }

  override total(x: Tensor): Tensor {
    return this.tensor('AddN', this.parts(x), x.shape, { T: T(x.dtype), N: { i: this.replicas } }, x.dtype)
  }

  override average(x: Tensor): Tensor {
    return this.scale(this.total(x), 1 / this.replicas)
  }

  override gather(x: Tensor): Tensor {
    return this.concatenate(this.parts(x), 0, [x.shape[0]! * this.replicas, ...x.shape.slice(1)])
  }

  /** Numbers of the whole batch, each part's rows of them: what is drawn for an image does not depend on how the batch is spread. */
  override uniform(x: Tensor, key: Tensor, stream: number): Tensor {
    if (!this.isOnEach) return super.uniform(x, key, stream)
    const rank = x.shape.length
    const own = this.tensor('Shape', [x], [rank], { T: T(x.dtype), out_type: T_INT32 }, 'int32')
    const shape = this.multiply(own, this.integers([this.replicas, ...new Array<number>(rank - 1).fill(1)]))
    const seed = this.add(key, this.constant([0, stream], [2], 'int32'))
    const types = { dtype: T_FLOAT, T: T_INT32, Tseed: T_INT32 }
    const all = this.tensor('StatelessRandomUniform', [shape, seed], [x.shape[0]! * this.replicas, ...x.shape.slice(1)], types)
    const unique = this.nameFor('Slice')
    const size = this.integers([x.shape[0]!, ...new Array<number>(rank - 1).fill(-1)]).id
    this.forEach((part, device) => {
      const content = Int32Array.from([part * x.shape[0]!, ...new Array<number>(rank - 1).fill(0)])
      const begin = idOf(`${unique}/begin`, part)
      const tensor = { dtype: DATA_TYPE.int32, shape: [rank], content: new Uint8Array(content.buffer) }
      this.put(begin, 'Const', [], { dtype: T_INT32, value: { tensor } }, device)
      this.put(idOf(unique, part), 'Slice', [idOf(all.id, part), begin, idOf(size, part)], { T: T_FLOAT, Index: T_INT32 }, device)
    })
    return { ...x, id: unique }
  }

  /**
   * By the whole batch's mean and variance: means and variances of the parts, and the variance of their means
   * (Chan, Golub and LeVeque 1979, for parts of one size).
   */
  override batchNorm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): ReturnType<TensorGraph['batchNorm']> {
    if (!this.isOnEach) return super.batchNorm(x, gamma, beta, epsilon)
    const axes = x.shape.slice(1).map((_, axis) => axis)
    const channels = gamma.shape[0]!
    const mean = this.meanOver(x, axes)
    const variance = this.meanOver(this.square(this.subtract(x, mean)), axes)
    const [all, whole] = [[this.replicas, 2 * channels], [2 * channels]]
    const moments = this.exchange(this.joined(mean, variance, channels))
    const means = this.meanOver({ ...moments, shape: all }, [0])
    const spreads = this.meanOver(this.square(this.subtract(moments, means)), [0])
    const [globalMean, within] = this.split(this.reshape(means, whole), [channels, channels]) as [Tensor, Tensor]
    const [between] = this.split(this.reshape(spreads, whole), [channels, channels]) as [Tensor, Tensor]
    const globalVariance = this.add(within, between)
    const count = this.countOf(x)
    return {
      y: this.normalise(x, gamma, beta, globalMean, globalVariance, epsilon),
      mean: globalMean,
      variance: this.scale(globalVariance, count / Math.max(1, count - 1)),
      reserved: [globalMean, globalVariance],
    }
  }

  /**
   * γ/σ · (dy − mean(dy) − x̂·mean(dy·x̂)), the means over the whole batch (Ioffe and Szegedy 2015). Gradients of γ and β are the part's own: all
   * parameters' are added in the end.
   */
  override batchNormGradient(
    dy: Tensor,
    x: Tensor,
    gamma: Tensor,
    reserved: readonly Tensor[],
    epsilon: number,
  ): ReturnType<TensorGraph['batchNormGradient']> {
    if (!this.isOnEach) return super.batchNormGradient(dy, x, gamma, reserved, epsilon)
    const [mean, variance] = reserved as [Tensor, Tensor]
    const axes = x.shape.slice(1).map((_, axis) => axis)
    const channels = gamma.shape[0]!
    const inverse = this.inverseRoot(this.add(variance, this.constant(epsilon)))
    const normalised = this.multiply(this.subtract(x, mean), inverse)
    const beta = this.sumOver(dy, axes)
    const scale = this.sumOver(this.multiply(dy, normalised), axes)
    const sums = this.sumOver(this.exchange(this.joined(beta, scale, channels)), [0])
    const means = this.scale({ ...sums, shape: [2 * channels] }, 1 / this.countOf(x))
    const [meanOfDy, meanOfProduct] = this.split(means, [channels, channels]) as [Tensor, Tensor]
    const along = this.multiply(normalised, meanOfProduct)
    const left = this.subtract(this.subtract(dy, meanOfDy), along)
    return { x: this.multiply(left, this.multiply(gamma, inverse)), gamma: scale, beta }
  }

  /** Values of one channel in the whole batch. */
  private countOf(x: Tensor): number {
    return this.replicas * elements(x.shape.slice(0, -1))
  }

  private joined(a: Tensor, b: Tensor, channels: number): Tensor {
    return this.concatenate([this.reshape(a, [channels]), this.reshape(b, [channels])], 0, [2 * channels])
  }

  /** To every part a tensor of all parts, in one order, so that all come to the same sums: [replicas, …]. */
  private exchange(x: Tensor): Tensor {
    const unique = this.nameFor('Exchange')
    const inputs = this.parts(x).map(({ id }) => id)
    const attributes = { T: T(x.dtype), N: { i: this.replicas }, axis: { i: 0 } }
    this.forEach((part, device) => this.put(idOf(unique, part), 'Pack', inputs, attributes, device))
    return { ...x, id: unique, shape: [this.replicas, ...x.shape] }
  }

  private parts(x: Tensor): Tensor[] {
    return this.places.parts.map((_, part) => ({ ...x, id: idOf(x.id, part) }))
  }

  private forEach(make: (part: number, device: string | undefined) => void): void {
    this.places.parts.forEach((device, part) => make(part, device))
  }

  private put(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute>,
    device: string | undefined,
  ): void {
    this.nodes.push({ name, op, inputs: [...inputs], attributes, ...(device !== undefined && { device }) })
  }
}

/** The name in a part of what the first part calls `name`, `name:1`, or `^name`. */
function idOf(id: string, part: number): string {
  if (part === 0) return id
  return id.startsWith('^') ? `^replica${part}/${id.slice(1)}` : `replica${part}/${id}`
}
