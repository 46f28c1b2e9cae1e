import { type GraphNode, type Node, type NodeChange, type NodeDragEvent, useVueFlow } from '@vue-flow/core'
import { computed, nextTick, type Ref, shallowRef, watch } from 'vue'
import type { DesignerState } from '../state/use-designer-state'
import { type BlockView, draw } from './drawing'
import { type Corners, cornersOf, edgePaths } from './edge-paths'
import { placeFromDrawn } from './geometry'
import { hasRoomForMap, MAP, wholeView } from './rooms'
import { overlaps, useNear } from './use-near'

/** Below this zoom shapes beside the connections cannot be read, and are not drawn. */
const NEAR = 0.45

let canvases = 0

/** The drawing of the document as the graph library's nodes, and the view of it. */
export function useFlow(state: DesignerState, tool: Readonly<Ref<'pan' | 'select'>>, hasMap: Readonly<Ref<boolean>>) {
  const { designer, views, picked, pick } = state
  // A name of its own: the library would hand the state of a canvas that is going to the one that comes.
  const id = `designer-${++canvases}`
  const vueFlow = useVueFlow(id)
  const drawing = computed(() => draw(designer.document.value, views.value, designer.check.value))
  /** While nodes are dragged: how far they are from where they are drawn. */
  const moved = shallowRef<Corners>(new Map())
  const resting = computed(() => cornersOf(drawing.value.nodes))
  const corners = computed(() => (moved.value.size > 0 ? cornersOf(drawing.value.nodes, moved.value) : resting.value))
  const paths = computed(() => edgePaths(drawing.value, corners.value))
  const { region, near, isFar } = useNear(drawing, resting, vueFlow.viewport, vueFlow.dimensions)
  /** The connections that are near. */
  const nearPaths = computed(() => {
    const around = region.value
    return around ? paths.value.filter(({ box }) => overlaps(around, box)) : paths.value
  })

  const nodes = computed((): Node[] => {
    const locked = designer.readOnly.value !== null
    const depth = new Map<string | null, number>([[null, 0]])
    const kept = near.value
    return drawing.value.nodes.flatMap((node): Node[] => {
      if (node.role === 'copy') return []
      // Far away only what is picked stays, so that keys find their way.
      if (isFar.value ? !picked.value.includes(node.id) && node.role !== 'open' : kept && !kept.has(node.id)) return []
      const isFrame = node.role === 'open' || node.role === 'copies'
      if (isFrame) depth.set(node.id, (depth.get(node.parent) ?? 0) + 1)
      const isPort = node.role === 'entry' || node.role === 'exit'
      return [
        {
          id: node.id,
          // One type for all roles: the library measures a node anew when its type changes, even one that is on its way out.
          type: 'drawn',
          position: { x: node.x, y: node.y },
          ...(node.parent !== null && { parentNode: node.parent }),
          data: node,
          style: { width: `${node.width}px`, height: `${node.height}px` },
          draggable: !locked && !isPort,
          // Frames lie below the connections, what they hold above them.
          zIndex: isFrame ? -100 + (depth.get(node.id) ?? 0) : 1,
        },
      ]
    })
  })

  const isNear = computed(() => vueFlow.viewport.value.zoom >= NEAR)

  function onDrag({ nodes: dragged }: NodeDragEvent): void {
    const byId = new Map(drawing.value.nodes.map((node) => [node.id, node]))
    moved.value = new Map(
      dragged.flatMap(({ id: own, position }) => {
        const node = byId.get(own)
        return node ? [[own, { x: position.x - node.x, y: position.y - node.y }] as const] : []
      }),
    )
  }
  /** After a drag: back to where the document has them, wherever that is now. */
  function settle(): void {
    moved.value = new Map()
    vueFlow.setNodes(nodes.value)
    restoreSelection()
  }

  /** What the reader selects on the canvas; what the designer selects is shown by `restoreSelection`. */
  function onChanges(changes: readonly NodeChange[]): void {
    const selected = new Set(picked.value)
    for (const change of changes) {
      if (change.type !== 'select') continue
      if (change.selected) selected.add(change.id)
      else selected.delete(change.id)
    }
    // A copy is picked with its block.
    pick([...selected].filter((one) => !one.includes('#') || selected.has(one.slice(0, one.indexOf('#')))))
  }
  function restoreSelection(): void {
    const wanted = new Set(picked.value)
    const now = vueFlow.getNodes.value
    if (now.every((node: GraphNode) => node.selected === wanted.has(node.id))) return
    for (const node of now) node.selected = wanted.has(node.id)
  }
  watch([picked, nodes], () => void nextTick(restoreSelection), { flush: 'post' })

  const toDrawing = (clientX: number, clientY: number): { x: number; y: number } =>
    vueFlow.screenToFlowCoordinate({ x: clientX, y: clientY })

  /** Where a node would be placed to stay where it is drawn: from its block's inner corner. */
  function placeOf(path: string): readonly [number, number] | null {
    const node = drawing.value.nodes.find((one) => one.id === path)
    return node ? placeFromDrawn(node.parent, node.x, node.y) : null
  }

  /** Opens or folds a block; what was under the hand stays under it. */
  function setView(path: string, view: BlockView | null): void {
    const before = corners.value.get(path)
    state.setView(path, view)
    const after = corners.value.get(path)
    if (!before || !after) return
    const { x, y, zoom } = vueFlow.viewport.value
    void vueFlow.setViewport({ x: x + (before.x - after.x) * zoom, y: y + (before.y - after.y) * zoom, zoom })
  }

  function fit(): void {
    const { width } = drawing.value
    const box = vueFlow.dimensions.value
    if (width === 0 || box.width === 0) return
    const whole = wholeView(drawing.value, box, hasMap.value, 24)
    // A long network is shown from its beginning, large enough to be read.
    const beside = box.width - 64 - (hasMap.value && hasRoomForMap(box) ? MAP.width : 0)
    const readable = Math.min(0.6, beside / width)
    if (whole.zoom >= readable) return void vueFlow.setViewport(whole)
    void vueFlow.setViewport({ x: 32 + (beside - width * readable) / 2, y: 24, zoom: readable })
  }
  function fitWhole(): void {
    const { width } = drawing.value
    const box = vueFlow.dimensions.value
    if (width === 0 || box.width === 0) return
    const { zoom, ...corner } = wholeView(drawing.value, box, hasMap.value, 12)
    void vueFlow.setViewport({ ...corner, zoom: Math.max(0.004, zoom) })
  }

  /** Moves the view so that a node is in it. */
  function reveal(ids: readonly string[]): void {
    const node = drawing.value.nodes.find(({ id: own }) => ids.includes(own))
    const corner = node && corners.value.get(node.id)
    if (!node || !corner) return
    const { x, y, zoom } = vueFlow.viewport.value
    const box = vueFlow.dimensions.value
    const [left, top] = [corner.x * zoom + x, corner.y * zoom + y]
    const [right, bottom] = [left + Math.min(node.width * zoom, box.width), top + Math.min(node.height * zoom, box.height)]
    const dx = left < 20 ? 20 - left : right > box.width - 20 ? box.width - 20 - right : 0
    const dy = top < 20 ? 20 - top : bottom > box.height - 20 ? box.height - 20 - bottom : 0
    if (dx !== 0 || dy !== 0) void vueFlow.setViewport({ x: x + dx, y: y + dy, zoom })
  }

  return {
    ...{
      id,
      drawing,
      nodes,
      corners,
      paths,
      isNear,
      isFar,
      nearPaths,
      tool,
      onChanges,
      onDrag,
      settle,
      toDrawing,
      placeOf,
      setView,
      fit,
      fitWhole,
      reveal,
    },
    /** The library lays a frame over what was selected by dragging; it would keep clicks from the nodes. */
    onSelected: () => void nextTick(() => (vueFlow.nodesSelectionActive.value = false)),
    viewport: vueFlow.viewport,
    size: vueFlow.dimensions,
    moveTo: ({ x, y }: { x: number; y: number }) => void vueFlow.setViewport({ x, y, zoom: vueFlow.viewport.value.zoom }),
    zoomIn: () => void vueFlow.zoomIn(),
    zoomOut: () => void vueFlow.zoomOut(),
    onReady: fit,
  }
}
export type Flow = ReturnType<typeof useFlow>
