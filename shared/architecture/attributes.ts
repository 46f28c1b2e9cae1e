import type { z } from 'zod'
import type { OpDefinition } from '../ops/op'
import { closest } from '../closest'
import { innermost } from '../plain-words'
import type { LayerNode } from './document'
import type { Fault } from './problem'

/** What a layer's schema has to say of its attributes, as a fault of the network. */
export function attributeFault(op: OpDefinition, { attributes = {} }: LayerNode, issue: z.core.$ZodIssue): AttributeFault {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(op.attributes.shape)
    const near = issue.keys.slice(0, 12).flatMap((key) => closest(key, known) ?? [])
    return { code: 'unknown-attribute', data: { title: op.title, attributes: issue.keys, near } }
  }
  const attribute = issue.path.join('.') || 'attributes'
  const isUnset = issue.code === 'invalid_type' && issue.path.length === 1 && attributes[attribute] === undefined
  return isUnset
    ? { code: 'unset-attribute', data: { attribute } }
    : { code: 'bad-attribute', data: { attribute, complaint: innermost(issue).message } }
}

type AttributeFault = Extract<Fault, { code: 'unknown-attribute' | 'unset-attribute' | 'bad-attribute' }>
