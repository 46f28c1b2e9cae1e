import { greatest } from '../../../shared/extent'
import dagre from '@dagrejs/dagre'
import { bow, GAP } from './geometry'

/** A box to be placed; `at` is where the reader wants it. */
export interface Box {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly at?: readonly [number, number] | undefined
}
export interface Link {
  readonly source: string
  readonly target: string
}
export interface Placed {
  /** Left upper corners. */
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>
  readonly width: number
  readonly height: number
}

/**
 * The connections that a longer way makes redundant: skips. They are drawn as arcs and have no say in the layout.
 *
 * @returns for each link, whether it is one.
 */
export function findSkips(ids: readonly string[], links: readonly Link[]): boolean[] {
  const outgoing = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { source, target } of links) outgoing.get(source)?.push(target)
  const rank = ranks(ids, links)
  return links.map(({ source, target }) => {
    const last = rank.get(target)!
    if (last - rank.get(source)! < 2) return false
    // Does another way lead there? Only what lies between the two can be on it.
    const seen = new Set<string>()
    const stack = outgoing.get(source)!.filter((next) => next !== target)
    while (stack.length > 0) {
      const id = stack.pop()!
      if (id === target) return true
      if (seen.has(id) || rank.get(id)! >= last) continue
      seen.add(id)
      stack.push(...outgoing.get(id)!)
    }
    return false
  })
}

/** Length of the longest way to each; what lies on a circle keeps what it has when the walk gives up. */
function ranks(ids: readonly string[], links: readonly Link[]): Map<string, number> {
  const rank = new Map(ids.map((id) => [id, 0]))
  const incoming = new Map<string, number>(ids.map((id) => [id, 0]))
  const outgoing = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { source, target } of links) {
    outgoing.get(source)!.push(target)
    incoming.set(target, incoming.get(target)! + 1)
  }
  const ready = ids.filter((id) => incoming.get(id) === 0)
  while (ready.length > 0) {
    const id = ready.pop()!
    for (const next of outgoing.get(id)!) {
      rank.set(next, Math.max(rank.get(next)!, rank.get(id)! + 1))
      incoming.set(next, incoming.get(next)! - 1)
      if (incoming.get(next) === 0) ready.push(next)
    }
  }
  return rank
}

/** Places the boxes of one block from top to bottom; the corner of what they take is at 0, 0. */
export function placeLevel(boxes: readonly Box[], links: readonly Link[], skips: readonly Link[]): Placed {
  const places = asChain(boxes, links) ?? asGraph(boxes, links)
  for (const { id, at } of boxes) if (at) places.set(id, { x: at[0], y: at[1] })
  // What was put left of or above the corner moves all.
  const left = Math.min(0, ...[...places.values()].map(({ x }) => x))
  const top = Math.min(0, ...[...places.values()].map(({ y }) => y))
  if (left < 0 || top < 0) for (const [id, { x, y }] of places) places.set(id, { x: x - left, y: y - top })
  const byId = new Map(boxes.map((box) => [box.id, box]))
  const middle = (id: string): number => places.get(id)!.y + byId.get(id)!.height / 2
  const right = (id: string): number => places.get(id)!.x + byId.get(id)!.width
  return {
    places,
    width: Math.max(
      0,
      ...boxes.map(({ id }) => right(id)),
      ...skips.map(
        ({ source, target }) => Math.max(right(source), right(target)) + bow(Math.abs(middle(target) - middle(source))),
      ),
    ),
    height: Math.max(0, ...boxes.map(({ id, height }) => places.get(id)!.y + height)),
  }
}

type Places = Map<string, { x: number; y: number }>

/** One under the other, where each follows one and is followed by one: what most of a network is, thousands of them at once. */
function asChain(boxes: readonly Box[], links: readonly Link[]): Places | null {
  const next = new Map<string, string>()
  const fed = new Set<string>()
  for (const { source, target } of links) {
    if (next.has(source) || fed.has(target)) return null
    next.set(source, target)
    fed.add(target)
  }
  const first = boxes.filter(({ id }) => !fed.has(id))
  if (first.length !== 1) return null
  const byId = new Map(boxes.map((box) => [box.id, box]))
  const width = greatest(boxes.map((box) => box.width))
  const places: Places = new Map()
  let y = 0
  for (let id: string | undefined = first[0]!.id; id !== undefined; id = next.get(id)) {
    const box = byId.get(id)!
    places.set(id, { x: (width - box.width) / 2, y })
    y += box.height + GAP.along
  }
  return places.size === boxes.length ? places : null
}

function asGraph(boxes: readonly Box[], links: readonly Link[]): Places {
  const graph = new dagre.graphlib.Graph({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', ranksep: GAP.along, nodesep: GAP.across, marginx: 0, marginy: 0 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height })
  links.forEach(({ source, target }, i) => graph.setEdge(source, target, {}, `${i}`))
  dagre.layout(graph)
  return new Map(
    boxes.map(({ id, width, height }) => {
      const { x, y } = graph.node(id) as { x: number; y: number }
      return [id, { x: x - width / 2, y: y - height / 2 }]
    }),
  )
}
