import type { Shape } from './op'

/** What may not fit in a layer, each with what its sentence is made of. A way out is chosen by these, not by the sentence. */
export interface Misfits {
  /** It takes an image. */
  'no-image': { readonly got: Shape | undefined }
  'no-image-or-vector': { readonly got: Shape | undefined }
  /** The loss takes a vector with a number for each class. */
  'no-logits': { readonly got: Shape | undefined }
  /** What is added differs. */
  'unequal-shapes': { readonly first: Shape; readonly other: Shape }
  /** What is multiplied is of one shape, or one of them weighs the other's channels or places. */
  'unequal-factors': { readonly first: Shape; readonly other: Shape }
  /** What is joined along its channels differs in height or width. */
  'unequal-sides': { readonly first: Shape; readonly other: Shape }
  'window-too-large': { readonly attribute: string; readonly size: number; readonly side: number }
  /** A window that lies side by side with the next must divide what it pools. */
  'window-does-not-divide': { readonly size: number; readonly height: number; readonly width: number }
  /** A window that lies on nothing but what was put around has no largest value. */
  'zeros-over-half': { readonly zeros: number; readonly size: number }
  'groups-do-not-divide': { readonly groups: number; readonly channels: number; readonly filters?: number }
  /** Windows that go on at the other edge must come out even there, and see no pixel twice. */
  'does-not-wrap': { readonly size: number; readonly stride: number; readonly height: number; readonly width: number }
  /** A kernel without a middle cannot be turned into itself. */
  'even-kernel': { readonly size: number }
  /** No memory holds so many numbers. */
  'too-many-numbers': { readonly in: string; readonly count: number; readonly most: number }
  'fewer-filters': { readonly filters: number; readonly channels: number }
  /** No more directions are orthogonal to one another than there are channels. */
  'more-filters': { readonly filters: number; readonly channels: number }
  'channels-beyond': { readonly first: number; readonly count: number; readonly channels: number }
  /** Attention holds each query against all keys. */
  'queries-unlike-keys': { readonly queries: Shape; readonly keys: Shape }
  'values-elsewhere': { readonly keys: Shape; readonly values: Shape }
  'heads-do-not-divide': { readonly heads: number; readonly channels: number }
  'no-such-place': { readonly place: number; readonly places: number }
}
export type MisfitCode = keyof Misfits

/** How a fault is told. */
export interface Told {
  /** An attribute, or `inputs`. */
  readonly field: string
  /** One clause without a full stop. */
  readonly message: string
  readonly remedy?: string
}

const WORDS: { readonly [C in MisfitCode]: (data: Misfits[C]) => Told } = {
  'no-image': ({ got }) => ({ field: 'inputs', message: `needs an image (height × width × channels) but gets ${describe(got)}` }),
  'no-image-or-vector': ({ got }) => ({ field: 'inputs', message: `needs an image or a vector but gets ${describe(got)}` }),
  'no-logits': ({ got }) => ({
    field: 'inputs',
    message: `needs one logit a class but gets ${describe(got)}`,
    remedy: 'put a dense layer before it',
  }),
  'unequal-shapes': ({ first, other }) => ({
    field: 'inputs',
    message: `cannot add ${describe(first)} and ${describe(other)}`,
    remedy: 'give both the same height, width and channels',
  }),
  'unequal-factors': ({ first, other }) => ({
    field: 'inputs',
    message: `cannot multiply ${describe(first)} and ${describe(other)}`,
    remedy: 'give both one shape, or one of them a number for each channel of the other',
  }),
  'unequal-sides': ({ first, other }) => ({
    field: 'inputs',
    message: `cannot join ${describe(first)} and ${describe(other)}`,
    remedy: 'give both the same height and width',
  }),
  'window-too-large': ({ attribute, size, side }) => ({
    field: attribute,
    message: `${size} is larger than the ${side} pixels it slides over`,
    remedy: `use ${side} or less, or same padding`,
  }),
  'zeros-over-half': ({ zeros, size }) => ({
    field: 'zeros',
    message: `${zeros} is more than half of the window of ${size}`,
    remedy: `use ${Math.floor(size / 2)} or less`,
  }),
  'window-does-not-divide': ({ size, height, width }) => ({
    field: 'size',
    message: `${size} does not divide ${height}×${width}`,
    remedy: 'use a side that divides both, or an input whose sides it divides',
  }),
  'groups-do-not-divide': ({ groups, channels, filters }) => ({
    field: 'groups',
    message: `${groups} does not divide ${channels} channels${filters === undefined ? '' : ` and ${filters} filters`}`,
    remedy: filters === undefined ? 'use a divisor of it' : 'use a divisor of both',
  }),
  'does-not-wrap': ({ size, stride, height, width }) => ({
    field: size < stride || size > Math.min(height, width) ? 'size' : 'stride',
    message: `a kernel of ${size} with stride ${stride} does not wrap around ${height}×${width}`,
    remedy: 'use a stride that divides both sides, and a size from the stride to the smaller side',
  }),
  'even-kernel': ({ size }) => ({ field: 'size', message: `${size} is even`, remedy: `use ${size - 1} or ${size + 1}` }),
  'too-many-numbers': ({ in: place, count, most }) => ({
    field: 'inputs',
    message: `${place} would have ${count.toExponential(1)} numbers, and no more than ${most.toExponential(1)} can be held`,
    remedy: 'make it smaller, or repeat fewer blocks that widen it',
  }),
  'fewer-filters': ({ filters, channels }) => ({
    field: 'filters',
    message: `${filters} is fewer than the ${channels} channels that come in`,
    remedy: `use ${channels} or more`,
  }),
  'more-filters': ({ filters, channels }) => ({
    field: 'filters',
    message: `${filters} is more than the ${channels} channels that come in`,
    remedy: `use ${channels} or fewer`,
  }),
  'channels-beyond': ({ first, count, channels }) => ({
    field: first < channels ? 'count' : 'first',
    message: `channels ${first} to ${first + count - 1} are wanted of the ${channels} that come in, which are counted from 0`,
    remedy: first < channels ? `use ${channels - first} or fewer` : `use ${channels - 1} or less`,
  }),
  'queries-unlike-keys': ({ queries, keys }) => ({
    field: 'inputs',
    message: `cannot hold queries of ${describe(queries)} against keys of ${describe(keys)}`,
    remedy: 'give both the same height, width and channels',
  }),
  'values-elsewhere': ({ keys, values }) => ({
    field: 'inputs',
    message: `has keys of ${describe(keys)} for values of ${describe(values)}`,
    remedy: 'give both the same height and width',
  }),
  'heads-do-not-divide': ({ heads, channels }) => ({
    field: 'heads',
    message: `${heads} does not divide ${channels} channels`,
    remedy: 'use a divisor of it',
  }),
  'no-such-place': ({ place, places }) => ({
    field: 'place',
    message: `${place} is none of the ${places} places, which are told from 0`,
    remedy: `use ${places - 1} or less`,
  }),
}

export const tellMisfit = <C extends MisfitCode>(code: C, data: Misfits[C]): Told => WORDS[code](data)

/** A shape or an attribute that does not fit; whoever knows the node's name makes a UserError of it. */
export class MisfitError<C extends MisfitCode = MisfitCode> extends Error {
  /** An attribute, or `inputs`. */
  readonly field: string

  constructor(
    readonly code: C,
    readonly data: Misfits[C],
  ) {
    const { field, message } = tellMisfit(code, data)
    super(`${field}: ${message}`)
    this.field = field
  }
}

function describe(shape: Shape | undefined): string {
  if (!shape || shape.length === 0) return 'a single number'
  return shape.length === 1 ? `a vector of ${shape[0]}` : shape.join('×')
}
