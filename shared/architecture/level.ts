import type { NetworkNode } from './document'

/** `$input`, `$input1`, …: what enters the block. */
const ENTERING = /^\$input(\d*)$/

/** Which of a block's inputs a reference means; null for a node of the same block. */
export function enteringIndex(reference: string): number | null {
  const match = ENTERING.exec(reference)
  return match ? Number(match[1] || 0) : null
}

/**
 * Where the inputs of each node of one block come from, written out: a node that says nothing takes the one before it, the first
 * what enters the block.
 *
 * @param isFed Whether anything enters the block.
 */
export function referencesOf(nodes: readonly NetworkNode[], isFed: boolean): readonly (readonly string[])[] {
  return nodes.map((node, i) => node.inputs ?? (i > 0 ? [nodes[i - 1]!.id] : isFed ? ['$input'] : []))
}

/**
 * Indices of the nodes of one block in an order in which each follows its inputs; the document's own order where it allows that.
 *
 * @param references As `referencesOf` gives them; those that name no node of the block are passed over.
 * @param onCycle Hears of a node that feeds itself, and through which node; that connection is then passed over.
 */
export function orderOf(
  nodes: readonly NetworkNode[],
  references: readonly (readonly string[])[],
  onCycle: (node: number, through: number) => void,
): number[] {
  // Of two of one name the first stands for both.
  const index = new Map<string, number>()
  nodes.forEach(({ id }, i) => index.has(id) || index.set(id, i))
  const state = new Uint8Array(nodes.length)
  const order: number[] = []
  for (let start = 0; start < nodes.length; start++) {
    // Depth first with a stack of our own: a hostile document may be a chain of thousands.
    const stack = [start]
    const passedOver = new Set<string>()
    while (stack.length > 0) {
      const i = stack[stack.length - 1]!
      if (state[i] === 2) {
        stack.pop()
        continue
      }
      const waiting = references[i]!.map((id) => index.get(id)).filter(
        (j): j is number => j !== undefined && state[j] !== 2 && !passedOver.has(`${i} ${j}`),
      )
      state[i] = 1
      const cyclic = waiting.find((j) => state[j] === 1)
      if (cyclic !== undefined) {
        onCycle(i, cyclic)
        passedOver.add(`${i} ${cyclic}`)
      } else if (waiting.length === 0) {
        state[i] = 2
        order.push(i)
        stack.pop()
      } else stack.push(waiting[0]!)
    }
  }
  return order
}
