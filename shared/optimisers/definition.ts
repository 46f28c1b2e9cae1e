import type { Graph, Tensor } from '../ops/graph'

/** Vectors that an optimiser keeps from step to step, in the parameters' layout; a checkpoint has them under these names. */
const OPTIMISER_VECTORS = ['momenta', 'squares'] as const
export type OptimiserVector = (typeof OPTIMISER_VECTORS)[number]

/** Square matrices that an optimiser keeps for the sides of the kernels that it takes, [rows, rows] and [columns, columns] of each. */
const OPTIMISER_MATRICES = ['gramians', 'bases'] as const
export type OptimiserMatrix = (typeof OPTIMISER_MATRICES)[number]

export const isOptimiserMatrix = (name: string): name is OptimiserMatrix =>
  (OPTIMISER_MATRICES as readonly string[]).includes(name)

/** All that optimisers keep; zeros before the first step. */
export const OPTIMISER_STATE = [...OPTIMISER_VECTORS, ...OPTIMISER_MATRICES] as const
export type OptimiserState = (typeof OPTIMISER_STATE)[number]

/** What updates may depend on; each optimiser names what it reads. */
export interface OptimiserSettings {
  readonly momentum: number
  readonly nesterov: boolean
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly muon: MuonSettings
  readonly soap: SoapSettings
}

export interface MuonSettings {
  /** How the nearest isometry is found. */
  readonly method: 'quintic' | 'polar-express' | 'svd' | 'operator'
  /** Share of the last mean gradient that is kept. */
  readonly momentum: number
  /** What the isometry is scaled by. */
  readonly scale: 'rms' | 'original'
}

export interface SoapSettings {
  /** Steps from one basis to the next. */
  readonly every: number
  /** The longest side of a kernel's matrix that has a basis. */
  readonly side: number
}

/** The words in which an optimiser says its update, on vectors of single precision. */
export interface UpdateGraph extends Pick<
  Graph,
  'constant' | 'add' | 'subtract' | 'multiply' | 'scale' | 'square' | 'squareRoot'
> {
  divide(a: Tensor, b: Tensor): Tensor
  /** A number that is fed at each step: one of `OptimiserDefinition.feeds`. */
  fed(name: string): Tensor
  /**
   * Each kernel of the vector as the matrix that it is, taps and input channels down and output channels across, by a near isometry.
   *
   * @param gain What the isometry of a matrix of so many rows and columns is multiplied by; √(columns/rows) is the operator's own.
   */
  isometries(x: Tensor, method: MuonSettings['method'], gain: (rows: number, columns: number) => number): Tensor
  /** X·Xᵀ and Xᵀ·X of each kernel X of the vector, for the sides that have matrices. */
  gramians(x: Tensor): Tensor
  /** Each kernel X of the vector as Pᵀ·X·Q, or on the way back P·X·Qᵀ, with P and Q those of its sides; a side that has none stays as it is. */
  inBases(x: Tensor, bases: Tensor, back?: 'back'): Tensor
  /**
   * Where a fed number is above 0, other values: what `make` says of the inputs, else `otherwise`. Only what is asked for is worked out.
   */
  where(name: string, inputs: readonly Tensor[], make: (inputs: readonly Tensor[]) => readonly Tensor[], otherwise: readonly Tensor[]): readonly Tensor[] // prettier-ignore
  /** Eigenvectors of each matrix, by falling eigenvalue. */
  eigenbases(gramians: Tensor): Tensor
  /**
   * Bases nearer to the eigenvectors: columns by falling Rayleigh quotient, multiplied by their matrix, made orthonormal.
   *
   * @param along A vector in the old bases, whose entries follow the columns.
   */
  powerStep(gramians: Tensor, bases: Tensor, along: Tensor): { readonly bases: Tensor; readonly along: Tensor }
}

/** What is updated: some or all entries of the parameters, one behind the other. */
export interface UpdatedEntries {
  /** dE/dθ [n], clipped, with the penalty's where the decay is not apart from it. */
  readonly gradient: Tensor
  /** Learning rate: a scalar, or one an entry. */
  readonly rate: Tensor
  /** What the optimiser kept: vectors [n], and the matrices of all its kernels' sides behind one another. */
  readonly kept: Readonly<Record<OptimiserState, Tensor>>
}

/** What an update comes to. */
export interface UpdateFound {
  /** To be subtracted from the parameters [n]. */
  readonly step: Tensor
  /** To be kept for the next one. */
  readonly kept: Readonly<Partial<Record<OptimiserState, Tensor>>>
}

/** TensorFlow's update of a whole vector in one pass over memory. */
export type FusedUpdate = { readonly kind: 'momentum'; readonly nesterov: boolean } | { readonly kind: 'adam' }

/** An optimiser: all that the lab knows of it. */
export interface OptimiserDefinition {
  readonly name: string
  /** What it is called in a form. */
  readonly label: string
  /** What it is, for a sentence that lists them: `Adam`. */
  readonly says: string
  /** The rate that those who published it begin with. */
  usualRate(settings: Pick<OptimiserSettings, 'muon'>): number
  /** The settings that it reads, beside rate and weight decay. */
  readonly settings: readonly (keyof OptimiserSettings)[]
  readonly vectors: readonly OptimiserVector[]
  /** Of the sides of kernels, where it has those. */
  readonly matrices?: readonly OptimiserMatrix[]
  /** The longest side that has matrices. A kernel without any is left to the others. */
  longestSide?(settings: OptimiserSettings): number
  /** Whether weight decay shrinks the parameters apart from the gradient: w ← w − rate·decay·w (Loshchilov and Hutter 2019). */
  readonly isDecoupled: boolean
  /** Times how much such a decay acts at a step; absent where it always does. */
  decays?(g: UpdateGraph): Tensor
  /** Where it is for kernels alone: the optimiser of all else. */
  readonly others?: string
  /** Numbers that a step is fed with beside its rate. @param step From 1. */
  feeds?(settings: OptimiserSettings, step: number): Readonly<Record<string, number>>
  /** One step. */
  update(g: UpdateGraph, entries: UpdatedEntries, settings: OptimiserSettings): UpdateFound
  /** The same by one operation of TensorFlow's, where there is one for a rate that all entries share. */
  fused?(settings: OptimiserSettings): FusedUpdate
}
