import { z } from 'zod'
import type { Graph, Tensor } from './graph'
import { MisfitError } from './misfit'

/** Height, width and channels of an image-like value, [features] of a vector, [] of a scalar. The batch is not in it. */
export type Shape = readonly number[]

/** What a tensor of a layer is for, whatever it is called. */
export type ParameterRole = 'kernel' | 'factor' | 'bias' | 'scale' | 'shift'
export type StatisticRole = 'mean' | 'variance'

/** A learned tensor of a layer. */
export interface ParameterSpec {
  readonly name: 'kernel' | 'factors' | 'bias' | 'gamma' | 'beta'
  readonly role: ParameterRole
  readonly shape: readonly number[]
  /** How it starts: a fixed value, normal of a fixed deviation, or drawn for the layer's fans by the run's initialiser. */
  readonly start:
    | { readonly value: number }
    | { readonly deviation: number }
    | {
        readonly fanIn: number
        readonly fanOut: number
        readonly layer: 'convolution' | 'dense'
        /** What is drawn is multiplied by it; 1 where absent. */
        readonly factor?: number
      }
}

/** A per-channel statistic that a layer keeps over the steps for use in evaluation. */
export interface StatisticSpec {
  readonly name: 'mean' | 'variance'
  readonly role: StatisticRole
  readonly shape: readonly number[]
  readonly start: number
}

export interface ForwardContext<A> {
  readonly attributes: A
  readonly inputs: readonly Tensor[]
  readonly parameters: Readonly<Record<string, Tensor>>
  /** Moving statistics; used where `training` is false. */
  readonly statistics: Readonly<Record<string, Tensor>>
  readonly labels: Tensor
  /** [2], whole numbers: what this step's random numbers come from. */
  readonly key: Tensor
  /** Which layer of the network it is; tells its random numbers from other layers'. */
  readonly index: number
  /** Share of the label's probability that the loss spreads over all classes, 0–1. */
  readonly labelSmoothing: number
  readonly training: boolean
}

export interface ForwardResult {
  readonly output: Tensor
  /** What the backward pass will want. */
  readonly saved?: readonly Tensor[]
  /** This batch's statistics, by the names of the StatisticSpecs; present in training. */
  readonly statistics?: Readonly<Record<string, Tensor>>
}

export interface GradientContext<A> {
  readonly attributes: A
  readonly inputs: readonly Tensor[]
  readonly parameters: Readonly<Record<string, Tensor>>
  readonly output: Tensor
  readonly saved: readonly Tensor[]
  /** dE/d(output). */
  readonly dy: Tensor
  /** Whether the forward pass was one of training: by the batch's statistics, with chance. */
  readonly training: boolean
  /** The moving statistics that the forward pass took where it was none of training. */
  readonly statistics: Readonly<Record<string, Tensor>>
  /** Whether anybody wants dE/d(input i). */
  readonly wanted: readonly boolean[]
}

export interface GradientResult {
  /** dE/d(input) of each input; null where it is not wanted. */
  readonly inputs: readonly (Tensor | null)[]
  readonly parameters?: Readonly<Record<string, Tensor>>
}

/** The kernel by which a convolution acts, where it is made of what it learns. */
export interface ActingKernel<A> {
  /** [kh, kw, in / groups, out]. */
  shape(inputs: readonly Shape[], attributes: A): readonly [number, number, number, number]
  /** @param shapes Of the layer's inputs. */
  make(g: Graph, parameters: Readonly<Record<string, Tensor>>, shapes: readonly Shape[], attributes: A): Tensor
  /** True where it acts so on an image that goes on at one edge where it ends at the other; its padding has no meaning then. */
  readonly wraps?: true
}

/** The palette's parts, in its order. */
export const OP_CATEGORIES = [
  'Input and output',
  'Convolution and dense',
  'Attention and positions',
  'Normalisation',
  'Activation',
  'Joining',
  'Pooling',
  'Regularisation',
] as const
export type OpCategory = (typeof OP_CATEGORIES)[number]

/** A kind of layer: all that the lab knows of it. */
export interface OpDefinition<S extends z.ZodObject = z.ZodObject> {
  readonly kind: string
  /** For people: `Convolution`. */
  readonly title: string
  readonly category: OpCategory
  /** One sentence. */
  readonly description: string
  /**
   * Each with its description; where it has one its unit (`meta({ unit: 'pixels' })`), and `grows: 'twofold'` where people think of it in
   * powers of two.
   */
  readonly attributes: S
  /** What a new layer begins with, where the schema has no default. */
  readonly example?: z.input<S>
  /** Fewest and most inputs. */
  readonly arity: readonly [number, number]
  /** @throws MisfitError where the inputs do not fit. */
  shape(inputs: readonly Shape[], attributes: z.output<S>): Shape
  parameters?(inputs: readonly Shape[], attributes: z.output<S>): readonly ParameterSpec[]
  statistics?(inputs: readonly Shape[], attributes: z.output<S>): readonly StatisticSpec[]
  /** Floating-point operations of one image's forward pass; a multiply-add counts as two. */
  flops(inputs: readonly Shape[], attributes: z.output<S>, output: Shape): number
  /** Numbers of one image beside the output: those that the way back keeps, and those that are there only while this layer's gradient is made. */
  held?(inputs: readonly Shape[], attributes: z.output<S>): { readonly kept: number; readonly passing: number }
  /** About how many operations of its graph it comes to, forth and back; absent where they are few, whatever its attributes. */
  operations?(attributes: z.output<S>): number
  forward(g: Graph, context: ForwardContext<z.output<S>>): ForwardResult
  gradient(g: Graph, context: GradientContext<z.output<S>>): GradientResult
  readonly actingKernel?: ActingKernel<z.output<S>>
  /** The kernel [kh, kw, in, out] of a convolution that is a step of its work, where it acts by none or by another one. */
  readonly innerKernel?: Pick<ActingKernel<z.output<S>>, 'shape' | 'make'>
  /** True where it is no convolution by the kernel that it learns, nor by another one. */
  readonly actsOtherwise?: true
  /** True where it draws random numbers in training. */
  readonly isRandom?: boolean
  /** What one output sees along a side of its input; all of it, or, absent, the one entry at its own place. */
  window?(attributes: z.output<S>): { readonly size: number; readonly stride: number } | 'all'
  /** Why, in a sentence, its backward pass keeps the gradient's norm whatever its input is; absent where it does not, or not at every size. */
  readonly keepsGradientNorm?: string
  /** Share of the old value that a moving statistic keeps at each step. */
  statisticMomentum?(attributes: z.output<S>): number
}

/** Factor of what a run's initialiser draws for a kernel. */
export const startFactor = z.number().min(0).max(1e6).default(1).describe('factor of the kernel’s initial values')

/** Types a definition by its own schema. */
export function defineOp<S extends z.ZodObject>(definition: OpDefinition<S>): OpDefinition<S> {
  return definition
}

/** Entries of one image's value. */
export const elements = (shape: Shape): number => shape.reduce((product, side) => product * side, 1)

/** The sides of an image-like shape. @throws MisfitError for a vector. */
export function image(shape: Shape | undefined): { height: number; width: number; channels: number } {
  if (shape?.length !== 3) throw new MisfitError('no-image', { got: shape })
  return { height: shape[0]!, width: shape[1]!, channels: shape[2]! }
}

/** Output side of a window that slides over `side` pixels, as TensorFlow defines SAME and VALID. */
export function slide(side: number, size: number, stride: number, padding: 'same' | 'valid', attribute = 'size'): number {
  if (padding === 'same') return Math.ceil(side / stride)
  if (size > side) throw new MisfitError('window-too-large', { attribute, size, side })
  return Math.floor((side - size) / stride) + 1
}

/** More numbers than this in one tensor of one image are a mistake rather than a network; sums of them stay whole. */
const MOST_NUMBERS = 2 ** 36

/** A layer's output, and what it learns. @throws MisfitError where the inputs do not fit, or it would be larger than any memory. */
export function outcomeOf(
  op: OpDefinition,
  inputs: readonly Shape[],
  attributes: Record<string, unknown>,
): { readonly shape: Shape; readonly parameters: readonly ParameterSpec[] } {
  const shape = op.shape(inputs, attributes)
  const parameters = op.parameters?.(inputs, attributes) ?? []
  const held = (place: string, count: number): void => {
    if (!(count <= MOST_NUMBERS)) throw new MisfitError('too-many-numbers', { in: place, count, most: MOST_NUMBERS })
  }
  held('what leaves it', elements(shape))
  for (const { name, shape } of parameters) held(`its ${name}`, elements(shape))
  return { shape, parameters }
}
