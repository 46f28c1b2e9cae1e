import type { NetworkCheck, NodeCheck, Problem } from './check-types'
import { problemAt } from './problem'

/** What a network has to fit: images and classes of a data set. */
export interface DataGeometry {
  readonly title: string
  /** Height, width, channels. */
  readonly shape: readonly number[]
  readonly classes: readonly string[]
}

/** Where a network does not fit a data set: its input, and the layer that decides how many classes it tells apart. */
export function dataProblems({ nodes }: NetworkCheck, { title, shape, classes }: DataGeometry): Problem[] {
  const all = [...nodes.values()]
  const found: Problem[] = []
  const input = all.find(({ node }) => node.kind === 'input')
  if (input?.output && input.output.join() !== shape.join())
    found.push(problemAt(input.path, 'other-images', { data: title, images: shape, taken: input.output }))
  const loss = all.find(({ node }) => node.kind === 'softmax-cross-entropy')
  const logits = loss?.inputs[0]
  if (!loss || logits?.length !== 1 || logits[0] === classes.length) return found
  const head = headOf(all, loss)
  const counts = { data: title, classes: classes.length, told: logits[0]!, isHead: head !== undefined }
  found.push(problemAt(head?.path ?? loss.path, 'other-classes', counts))
  return found
}

/** The dense layer right before the loss, where there is one beside it. */
function headOf(all: readonly NodeCheck[], loss: NodeCheck): NodeCheck | undefined {
  const level = loss.path.slice(0, loss.path.lastIndexOf('/') + 1)
  const siblings = all.filter(({ path }) => path.startsWith(level) && !path.slice(level.length).includes('/'))
  const written = loss.node.inputs?.[0]
  const before = written === undefined ? siblings[siblings.indexOf(loss) - 1] : siblings.find(({ node }) => node.id === written)
  return before?.node.kind === 'dense' ? before : undefined
}

/** A check with further problems, each at its node. */
export function withProblems(check: NetworkCheck, further: readonly Problem[]): NetworkCheck {
  if (further.length === 0) return check
  const nodes = new Map(check.nodes)
  for (const problem of further) {
    const node = nodes.get(problem.path)!
    nodes.set(problem.path, { ...node, problems: [...node.problems, problem] })
  }
  return { ...check, nodes, problems: [...check.problems, ...further] }
}
