import { cutList, cutText } from '../cut-text'
import { type Misfits, type MisfitCode, type Told, tellMisfit } from '../ops/misfit'

/** What may be wrong with a network, each with what its sentence is made of. A way out is chosen by these, not by the sentence. */
export interface Faults extends Misfits {
  /** A network needs one layer of this kind. */
  'missing-layer': { readonly kind: string; readonly title: string }
  /** A network has one layer of this kind, and this is a further one. */
  'further-layer': { readonly kind: string; readonly title: string }
  'too-large': { readonly what: string; readonly most: number }
  /** Blocks lie in one another deeper than a document may have them. */
  'too-deep': { readonly most: number }
  'same-name': Record<string, never>
  /** With all repeats written out. */
  'name-taken': Record<string, never>
  /** A copy of a repeated block is called as another node is. */
  'copy-has-name': { readonly copy: string }
  'feeds-itself': { readonly via: string }
  'no-such-output': { readonly output: string }
  'no-such-input': { readonly reference: string }
  /** `$input2` of a block that fewer tensors enter. */
  'does-not-enter': { readonly reference: string; readonly count: number }
  'loose-end': Record<string, never>
  'nothing-enters': Record<string, never>
  /** Nothing in a block takes this one of its inputs, from 0. */
  'ignored-input': { readonly input: number; readonly count: number }
  'unknown-kind': { readonly kind: string }
  'input-count': { readonly title: string; readonly fewest: number; readonly most: number; readonly got: number }
  'unknown-attribute': { readonly title: string; readonly attributes: readonly string[]; readonly near: readonly string[] }
  'unset-attribute': { readonly attribute: string }
  /** The schema's complaint, one clause. */
  'bad-attribute': { readonly attribute: string; readonly complaint: string }
  /** A data set's images are not what the input takes. */
  'other-images': { readonly data: string; readonly images: readonly number[]; readonly taken: readonly number[] }
  /** A data set's classes are not those that the network tells apart. */
  'other-classes': { readonly data: string; readonly classes: number; readonly told: number; readonly isHead: boolean }
}
export type FaultCode = keyof Faults

const WORDS: { readonly [C in Exclude<FaultCode, MisfitCode>]: (data: Faults[C]) => Told } = {
  'missing-layer': ({ kind, title }) => ({ field: kind, message: `a network needs one “${title}” layer`, remedy: 'add it from the palette' }), // prettier-ignore
  'further-layer': ({ title }) => ({ field: 'kind', message: `a network has one “${title}” layer`, remedy: 'remove the others' }),
  'too-large': ({ what, most }) => ({ field: 'nodes', message: `the network has more than ${most} ${what}`, remedy: 'lower a repeat count, or nest fewer blocks' }), // prettier-ignore
  'too-deep': ({ most }) => ({ field: 'nodes', message: `it lies in ${most} blocks already, and no block may lie deeper`, remedy: 'ungroup some of them' }), // prettier-ignore
  'same-name': () => ({ field: 'id', message: 'two nodes of one block have this name', remedy: 'rename one of them' }),
  'name-taken': () => ({ field: 'id', message: 'two layers or blocks get this name', remedy: 'rename one of them' }),
  'copy-has-name': ({ copy }) => ({ field: 'id', message: `its copy “${cutText(copy)}” meets another node’s name`, remedy: 'rename one of them' }), // prettier-ignore
  'feeds-itself': ({ via }) => ({ field: 'inputs', message: `it feeds itself through “${cutText(via)}”`, remedy: 'remove one of the connections' }), // prettier-ignore
  'no-such-output': ({ output }) => ({ field: 'output', message: `there is no node “${cutText(output)}” in the block`, remedy: 'choose another output' }), // prettier-ignore
  'no-such-input': ({ reference }) => ({ field: 'inputs', message: `there is no node “${cutText(reference)}” in the same block`, remedy: 'connect it to another one' }), // prettier-ignore
  'does-not-enter': ({ reference, count }) => ({ field: 'inputs', message: `“${cutText(reference)}” does not enter this block`, remedy: `it has ${count} inputs` }), // prettier-ignore
  'loose-end': () => ({ field: 'output', message: 'nothing takes what leaves it', remedy: 'connect it or remove it' }),
  'nothing-enters': () => ({ field: 'inputs', message: 'nothing enters the block', remedy: 'connect a node before it' }),
  'ignored-input': ({ input, count }) => ({
    field: 'inputs',
    message: `nothing in the block takes ${count > 1 ? `its input ${input + 1}` : 'what enters it'}`,
    remedy: 'connect it inside the block',
  }),
  'unknown-kind': ({ kind }) => ({ field: 'kind', message: `there is no layer “${cutText(kind)}”`, remedy: 'replace it by one of the palette' }), // prettier-ignore
  'input-count': ({ title, fewest, most, got }) => {
    const wanted = fewest === most ? `${fewest} input${fewest === 1 ? '' : 's'}` : `${fewest} to ${most} inputs`
    const remedy = got < fewest ? 'connect another node to it' : 'remove connections'
    return { field: 'inputs', message: `${title} takes ${wanted} but gets ${got}`, remedy }
  },
  'unknown-attribute': ({ title, attributes, near }) => ({
    field: attributes.join(', '),
    message: `${title} has no attribute “${cutList(attributes)}”`,
    remedy: near.length > 0 ? `perhaps ${cutList(near)}` : 'remove it',
  }),
  'unset-attribute': ({ attribute }) => ({ field: attribute, message: `${attribute} is not set` }),
  'bad-attribute': ({ attribute, complaint }) => ({ field: attribute, message: `${cutText(attribute)} ${complaint}` }),
  'other-images': ({ data, images, taken }) => ({
    field: 'data',
    message: `the images of “${cutText(data)}” are ${images.join('×')} and it takes ${taken.join('×')}`,
    remedy: 'give it their size, or choose another data set in the network’s inspector',
  }),
  'other-classes': ({ data, classes, told, isHead }) => ({
    field: 'data',
    message: `“${cutText(data)}” has ${classes} classes and ${isHead ? 'it' : 'the network'} tells ${told} apart`,
    remedy: `let ${isHead ? 'it' : 'a dense layer before the loss'} have ${classes} outputs, or choose another data set in the network’s inspector`,
  }),
}

/** What is wrong, with what its sentence is made of. */
export type Fault = { readonly [C in FaultCode]: { readonly code: C; readonly data: Faults[C] } }[FaultCode]

/** Something that does not fit, where it lies. */
export type Problem = Fault &
  Told & {
    /** Ids joined by `/`; empty for the network itself. */
    readonly path: string
  }

export function tell<C extends FaultCode>(code: C, data: Faults[C]): Told {
  const own = (WORDS as unknown as Partial<Record<FaultCode, (data: Faults[C]) => Told>>)[code]
  return own ? own(data) : tellMisfit(code as MisfitCode, data as never)
}

export function problemAt<C extends FaultCode>(path: string, code: C, data: Faults[C]): Problem {
  return { path, code, data, ...tell(code, data) } as Problem
}
