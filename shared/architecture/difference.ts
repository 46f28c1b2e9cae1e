import { checkNetwork } from './check'
import { contentsOf, filledAttributes, inputsAt, isBlock, meaningOf, outputOf } from './convert/connections'
import type { BlockNode, NetworkDocument, NetworkNode } from './document'

/** One thing that differs between two documents. */
export interface DocumentDifference {
  readonly kind: 'added' | 'removed' | 'moved' | 'changed'
  /** Ids joined by `/`, in the document after; of what was removed in the one before. */
  readonly path: string
  /** Where it was before, of what moved or got another name. */
  readonly from?: string
  /** What changed of it: `kind`, `inputs`, `unit`, `repeat`, `first`, `output` or an attribute's name. */
  readonly field?: string
  readonly before?: unknown
  readonly after?: unknown
  /** For people: `stage1/block ×3 → ×18`. */
  readonly text: string
}

/** What a document amounts to. */
export interface DocumentTotals {
  readonly parameters: number
  /** Floating-point operations of one image's forward pass. */
  readonly flops: number
  /** Convolutions and dense layers on the longest way from the input to the loss, as the literature counts depth. */
  readonly depth: number
  readonly units: number
}

/** A node, where it lies, and what is said of it with everything left unsaid filled in. */
interface Entry {
  readonly node: NetworkNode
  readonly path: string
  readonly inputs: readonly string[]
}

/**
 * What differs between two documents: nodes that came, went, moved or got another name, and what changed of the rest. Nodes are the
 * same where their paths are; those left over where they do the same, in their order. Places on the canvas do not count, nor the order
 * of a list where the connections are the same, nor a value that is said where it is the default.
 *
 * @returns Nothing for two documents that expand alike; the documents may have errors.
 */
export function documentDifference(before: NetworkDocument, after: NetworkDocument): DocumentDifference[] {
  const found: Found = { same: [], removed: [], added: [] }
  compareLists(entriesOf(before.nodes, '', false), entriesOf(after.nodes, '', false), found)
  const moved = elsewhere(found)
  const isMoved = new Set(moved.flat())
  return [
    ...found.same.flatMap(changesOf),
    ...moved.map(([a, b]) => movedLine(a, b)),
    ...found.removed
      .filter((entry) => !isMoved.has(entry))
      .map(({ path, node }) => line('removed', path, `${titleOf(path, node)} removed`)),
    ...found.added
      .filter((entry) => !isMoved.has(entry))
      .map(({ path, node }) => line('added', path, `${titleOf(path, node)} added`)),
  ]
}

/** The nodes of a list that are in both. */
interface Renamed {
  /** Their names after, by those before. */
  readonly after: ReadonlyMap<string, string>
  /** The names after alone. */
  readonly names: ReadonlySet<string>
}
const renamedBy = (after: ReadonlyMap<string, string>): Renamed => ({ after, names: new Set(after.values()) })

interface Same {
  readonly before: Entry
  readonly after: Entry
  readonly beside: Renamed
  inside: Renamed
}

interface Found {
  /** Nodes that are in both, and the names of those beside and inside them. */
  readonly same: Same[]
  readonly removed: Entry[]
  readonly added: Entry[]
}

const entriesOf = (nodes: readonly NetworkNode[], prefix: string, enters: boolean): Entry[] =>
  nodes.map((node, i) => ({ node, path: prefix + node.id, inputs: inputsAt(nodes, i, enters) }))

function compareLists(before: readonly Entry[], after: readonly Entry[], found: Found): Renamed {
  const matched = matchEntries(before, after)
  const renamed = renamedBy(new Map([...matched].map(([a, b]) => [a.node.id, b.node.id])))
  const taken = new Set(matched.values())
  for (const a of before) {
    const b = matched.get(a)
    if (!b) {
      found.removed.push(a)
      continue
    }
    const same: Same = { before: a, after: b, beside: renamed, inside: renamedBy(new Map()) }
    found.same.push(same)
    if (isBlock(a.node) && isBlock(b.node))
      same.inside = compareLists(entriesOf(a.node.nodes, `${a.path}/`, true), entriesOf(b.node.nodes, `${b.path}/`, true), found)
  }
  found.added.push(...after.filter((b) => !taken.has(b)))
  return renamed
}

/** Which entry of a list is which of another: by id, then by what they do, then blocks that have most of their nodes in common. */
function matchEntries(before: readonly Entry[], after: readonly Entry[]): Map<Entry, Entry> {
  const matched = new Map<Entry, Entry>()
  const taken = new Set<Entry>()
  const pair = (key: (entry: Entry) => string | null, agree: (a: Entry, b: Entry) => boolean = () => true): void => {
    const left = grouped(
      after.filter((entry) => !taken.has(entry)),
      key,
    )
    for (const [name, entries] of grouped(
      before.filter((entry) => !matched.has(entry)),
      key,
    ))
      entries.forEach((a, i) => {
        const b = left.get(name)?.[i]
        if (!b || !agree(a, b)) return
        matched.set(a, b)
        taken.add(b)
      })
  }
  pair(
    ({ node }) => node.id,
    (a, b) => isBlock(a.node) === isBlock(b.node),
  )
  pair(({ node }) => meaningOf(node))
  pair(({ node }) => (isBlock(node) ? contentsOf(node) : null))
  pair(({ node }) => (isBlock(node) ? `${node.unit}` : null), mostlyAlike)
  return matched
}

function grouped(entries: readonly Entry[], key: (entry: Entry) => string | null): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>()
  for (const entry of entries) {
    const name = key(entry)
    if (name === null) continue
    const group = groups.get(name)
    if (group) group.push(entry)
    else groups.set(name, [entry])
  }
  return groups
}

function mostlyAlike(a: Entry, b: Entry): boolean {
  const [left, right] = [a, b].map(({ node }) => new Set((node as BlockNode).nodes.map(({ id, kind }) => `${id} ${kind}`)))
  const common = [...left!].filter((entry) => right!.has(entry)).length
  return 2 * common >= left!.size + right!.size - common
}

/**
 * Nodes that went in one place and came in another under the same id, and do the same: put into a group that is new, taken out of one
 * that is gone, or brought from one block to another.
 */
function elsewhere({ removed, added }: Found): [Entry, Entry][] {
  const key = ({ node }: Entry): string => `${node.id} ${meaningOf(node)}`
  const [went, came] = [removed, added].map((entries) => entries.flatMap(withInside).sort(byPath))
  const behind = grouped(came!, key)
  const tops = new Set([...removed, ...added])
  const pairs = [...grouped(went!, key)].flatMap(([name, entries]) =>
    entries.flatMap((a, i): [Entry, Entry][] => {
      const b = behind.get(name)?.[i]
      return b && (tops.has(a) || tops.has(b)) ? [[a, b]] : []
    }),
  )
  // What lies in a node that moved has moved with it.
  const [from, to] = [0, 1].map((side) => new Set(pairs.map((pair) => pair[side as 0 | 1].path)))
  const around = (path: string): string[] => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index))
  return pairs.filter(
    ([a, b]) => !around(a.path).some((path) => from!.has(path)) && !around(b.path).some((path) => to!.has(path)),
  )
}

const byPath = (a: Entry, b: Entry): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)

/** An entry and all that lies in it, the outer before the inner. */
const withInside = (entry: Entry): Entry[] => [
  entry,
  ...(isBlock(entry.node) ? entriesOf(entry.node.nodes, `${entry.path}/`, true).flatMap(withInside) : []),
]

/** The lines of a node that is in both. */
function changesOf({ before: a, after: b, beside, inside }: Same): DocumentDifference[] {
  const lines: DocumentDifference[] = a.node.id === b.node.id ? [] : [movedLine(a, b)]
  const [was, is] = [fieldsOf(a), fieldsOf(b)]
  for (const field of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const [before, after] = [was[field], is[field]]
    const isSame =
      field === 'inputs'
        ? areSameNodes(a.inputs, b.inputs, beside)
        : field === 'output'
          ? areSameNodes([String(before)], [String(after)], inside)
          : JSON.stringify(before) === JSON.stringify(after)
    if (isSame) continue
    const text = field === 'repeat' ? `${times(before)} → ${times(after)}` : `${field} ${value(before)} → ${value(after)}`
    lines.push({ kind: 'changed', path: b.path, field, before, after, text: `${b.path}${field === 'repeat' ? '' : ':'} ${text}` })
  }
  return lines
}

/** References agree where they are to the same node, or to one that is on neither side. */
function areSameNodes(before: readonly string[], after: readonly string[], renamed: Renamed): boolean {
  const agree = (a: string, b: string | undefined): boolean =>
    renamed.after.has(a) ? renamed.after.get(a) === b : a === b && !renamed.names.has(a)
  return before.length === after.length && before.every((reference, i) => agree(reference, after[i]))
}

/** What is said of a node, by field; an attribute that shares a field's name has `attribute ` before it. */
function fieldsOf({ node, inputs }: Entry): Record<string, unknown> {
  const fields: Record<string, unknown> = { kind: node.kind, inputs, unit: node.unit }
  if (isBlock(node))
    return {
      ...fields,
      repeat: node.repeat,
      first: node.repeat === undefined ? undefined : (node.first ?? 1),
      output: outputOf(node),
    }
  for (const [name, said] of Object.entries(filledAttributes(node))) fields[name in fields ? `attribute ${name}` : name] = said
  return fields
}

const line = (kind: DocumentDifference['kind'], path: string, text: string): DocumentDifference => ({ kind, path, text })

function movedLine(a: Entry, b: Entry): DocumentDifference {
  return { kind: 'moved', path: b.path, from: a.path, text: `${a.path} is now ${b.path}` }
}

const titleOf = (path: string, node: NetworkNode): string =>
  isBlock(node) ? `${path}${node.repeat === undefined ? '' : ` ×${node.repeat}`}` : `${path} (${node.kind})`

const times = (repeat: unknown): string => (typeof repeat === 'number' ? `×${repeat}` : 'once')

function value(of: unknown): string {
  if (of === undefined) return 'none'
  if (Array.isArray(of)) return of.length > 0 ? of.join(', ') : 'nothing'
  return typeof of === 'object' ? JSON.stringify(of) : String(of)
}

/** What two documents amount to; null for one that has errors. */
export function differenceOfTotals(
  before: NetworkDocument,
  after: NetworkDocument,
): { readonly before: DocumentTotals | null; readonly after: DocumentTotals | null } {
  return { before: documentTotals(before), after: documentTotals(after) }
}

/** Parameters, operations, depth and units of a document, without expanding it; null where it has errors. */
function documentTotals(document: NetworkDocument): DocumentTotals | null {
  const { problems, parameters, flops, depth, units } = checkNetwork(document)
  if (problems.length > 0) return null
  return { parameters, flops, depth: depth!, units: units.reduce((total, { copies }) => total + copies, 0) }
}
