import type { Ref } from 'vue'
import type { BlockDocument } from '../../../shared/library'
import { useLab } from '../../lab/lab-injection'
import { useNotices } from '../../ui/use-notices'
import { type Hand, type Hands, useCommands } from '../../commands/use-commands'
import type { DesignerCommandId } from '../../../shared/commands'
import { endOf } from '../canvas/drawing'
import type { Flow } from '../canvas/use-flow'
import {
  copyNodes,
  disconnect,
  duplicate,
  group,
  idOf,
  insertNodes,
  isBlock,
  nodeAt,
  placeNodes,
  readCopied,
  removeNodes,
  setOutput,
  setRepeat,
  setUnit,
  ungroup,
  writeOut,
} from '../edit'
import type { DesignerState } from '../state/use-designer-state'
import { blocksOf } from '../state/views'
import { align, type Alignment } from './align'
import { type Direction, firstOf, neighbourOf } from './neighbours'

/** What the page does for its actions. */
export interface ActionHands {
  readonly flow: () => Flow | null
  readonly pickedEdge: Ref<string | null>
  focusPalette(): void
  focusInspector(): void
  openConnect(): void
  readonly tool: Ref<'pan' | 'select'>
  readonly hasMiniMap: Ref<boolean>
  keep(): unknown
  /** The library has something new. */
  readLibrary(): unknown
  train(): unknown
}

/** What was copied last, for where the system's clipboard is closed to pages; it is at hand in the next network too. */
let clipboard = ''

/** Makes known what is done in the designer. */
export function useDesignerCommands(state: DesignerState, hands: ActionHands): void {
  const { designer, picked, pick, views } = state
  const { lab } = useLab()
  const { say, complain } = useNotices()
  const selection = (): readonly string[] => designer.selection.value
  const isOpen = (): boolean => designer.readOnly.value === null
  const some = (): boolean => isOpen() && selection().length > 0
  const block = () => {
    const node = nodeAt(designer.document.value, selection()[0] ?? '')
    return selection().length === 1 && isBlock(node) ? node : null
  }
  /** @returns whether all that is selected is on the clipboard. */
  function copy(): boolean {
    try {
      clipboard = copyNodes(designer.document.value, selection())
    } catch (error) {
      complain(error)
      return false
    }
    navigator.clipboard?.writeText(clipboard).catch(() => undefined)
    return true
  }
  /** What was not copied stays. */
  function cut(): void {
    if (copy()) remove()
  }
  /** @param text What the system's clipboard holds, as far as one may know. */
  function paste(text = ''): void {
    const { level, after } = state.place.value
    try {
      const nodes = readCopied(text.trim() === '' ? clipboard : text)
      designer.change('Paste', (document) => insertNodes(document, level, nodes, { after }))
    } catch (error) {
      complain(error)
    }
  }
  function remove(): void {
    const id = hands.pickedEdge.value
    const edge = id === null ? undefined : hands.flow()?.drawing.value.edges.find((one) => one.id === id)
    if (edge) {
      hands.pickedEdge.value = null
      const level = edge.parent ?? ''
      designer.change('Disconnect', (document) =>
        edge.target.includes('>')
          ? setOutput(document, level, undefined)
          : disconnect(document, level, idOf(edge.target), edge.port),
      )
    } else if (selection().length > 0) {
      const names = selection().length === 1 ? idOf(selection()[0]!) : `${selection().length} nodes`
      designer.change(`Delete ${names}`, (document) => removeNodes(document, selection()))
    }
  }
  /** An arrow key: to the neighbour, or with Shift to have it selected as well. */
  const go =
    (direction: Direction, isExtending = false) =>
    () => {
      const flow = hands.flow()
      if (!flow) return
      const cursor = [...picked.value].reverse().find((id) => !id.includes('#'))
      const { drawing, corners } = flow
      const next = cursor === undefined ? firstOf(drawing.value) : neighbourOf(drawing.value, corners.value, cursor, direction)
      if (next === null) return
      pick(isExtending ? [...picked.value.filter((id) => id !== next), next] : [next])
      flow.reveal([next])
    }
  /** Enter: into a block that is opened, or opens it; on a layer to its attributes. */
  function enter(): void {
    const path = selection()[0]
    const port = picked.value.find((id) => id.includes('>'))
    if (port !== undefined) return fold(endOf(port).level)
    if (path === undefined) return
    if (!block()) return hands.focusInspector()
    if (views.value.get(path) === 'open') pick([`${path}>in0`])
    else hands.flow()?.setView(path, 'open')
  }
  function fold(path: string): void {
    hands.flow()?.setView(path, null)
    pick([path])
  }
  /** Escape: out of a block, then out of everything. */
  function leave(): void {
    hands.pickedEdge.value = null
    const id = picked.value[0]
    if (id === undefined) return
    const { level } = endOf(id)
    pick(level === '' ? [] : [level])
    if (level !== '') hands.flow()?.reveal([level])
  }
  function copies(): void {
    const path = selection()[0]
    if (path !== undefined && block()) hands.flow()?.setView(path, views.value.get(path) === 'copies' ? null : 'copies')
  }
  const repeat = (by: number) => () => {
    const paths = selection().filter((path) => isBlock(nodeAt(designer.document.value, path)))
    const now = block()?.repeat ?? 1
    const next = Math.min(10_000, Math.max(1, now + by))
    designer.change(`Repeat ×${next}`, (document) => setRepeat(document, paths, next), 'repeat')
  }
  async function keepBlock(): Promise<void> {
    const found = block()
    if (!found) return
    const { inputs: _, at: __, repeat: ___, ...node } = found
    const document: BlockDocument = { format: 'normlab/block', version: 1, name: found.id, node }
    try {
      await lab.request('library.save', { document })
      say(`“${found.id}” is in the library, and in the palette under “My blocks”.`)
      hands.readLibrary()
    } catch (error) {
      complain(error)
    }
  }
  const unit = (): void => {
    const isUnit = block()?.unit === 'block'
    designer.change(isUnit ? 'No unit any more' : 'Measure as a block', (document) =>
      setUnit(document, selection(), isUnit ? undefined : 'block'),
    )
  }
  const always = (): boolean => true
  const hand = (perform: (text?: string) => unknown, isEnabled: () => boolean = always): Hand => ({ perform, isEnabled })
  const undoing = (label: string, what: Ref<string | null>): string => (what.value === null ? label : `${label}: ${what.value}`)
  const aligning = (alignment: Alignment): Hand => hand(() => alignBy(alignment), () => isOpen() && selection().length > 1) // prettier-ignore

  const all: Hands<DesignerCommandId> = {
    'design.undo': {
      perform: () => designer.undo(),
      isEnabled: () => isOpen() && designer.undoLabel.value !== null,
      label: () => undoing('Undo', designer.undoLabel),
    },
    'design.redo': {
      perform: () => designer.redo(),
      isEnabled: () => isOpen() && designer.redoLabel.value !== null,
      label: () => undoing('Redo', designer.redoLabel),
    },
    'design.keep': hand(hands.keep),
    'design.cut': hand(cut, some),
    'design.copy': hand(() => void copy(), () => selection().length > 0), // prettier-ignore
    'design.paste': hand((text) => paste(text), isOpen),
    'design.duplicate': hand(() => designer.change('Duplicate', (document) => duplicate(document, selection())), some),
    'design.delete': hand(remove, () => isOpen() && (selection().length > 0 || hands.pickedEdge.value !== null)),
    'design.all': hand(selectAll),
    'design.rename': hand(hands.focusInspector, some),

    'design.train': hand(hands.train),
    'design.insert': hand(hands.focusPalette, isOpen),
    'design.connect': hand(hands.openConnect, () => isOpen() && picked.value.length === 1 && !picked.value[0]!.endsWith('>out')),
    'design.group': hand(() => designer.change('Make a block', (document) => group(document, selection())), some),
    'design.ungroup': hand(() => designer.change('Take apart', (document) => ungroup(document, selection()[0]!)), () => isOpen() && block() !== null), // prettier-ignore
    'design.more': hand(repeat(1), () => isOpen() && block() !== null),
    'design.fewer': hand(repeat(-1), () => isOpen() && (block()?.repeat ?? 1) > 1),
    'design.unit': hand(unit, () => isOpen() && block() !== null),
    'design.write-out': hand(() => designer.change('Write copies out', (document) => writeOut(document, selection()[0]!)), () => isOpen() && (block()?.repeat ?? 1) > 1), // prettier-ignore
    'design.keep-block': hand(keepBlock, () => block() !== null),

    'design.down': hand(go('down')),
    'design.up': hand(go('up')),
    'design.left': hand(go('left')),
    'design.right': hand(go('right')),
    'design.down-too': hand(go('down', true)),
    'design.up-too': hand(go('up', true)),
    'design.left-too': hand(go('left', true)),
    'design.right-too': hand(go('right', true)),
    'design.enter': hand(enter),
    'design.leave': hand(leave),

    'design.fold': hand(() => fold(selection()[0]!), () => block() !== null), // prettier-ignore
    'design.copies': hand(copies, () => (block()?.repeat ?? 1) > 1),
    'design.show-all': hand(() => {
      state.showAll()
      requestAnimationFrame(() => hands.flow()?.fitWhole())
    }, () => blocksOf(designer.document.value).length > 0), // prettier-ignore
    'design.fold-all': hand(() => {
      state.foldAll()
      requestAnimationFrame(() => hands.flow()?.fit())
    }, () => views.value.size > 0), // prettier-ignore
    'design.fit': hand(() => hands.flow()?.fitWhole()),
    'design.zoom-in': hand(() => hands.flow()?.zoomIn()),
    'design.zoom-out': hand(() => hands.flow()?.zoomOut()),
    'design.map': hand(() => (hands.hasMiniMap.value = !hands.hasMiniMap.value)),
    'design.tool-pan': hand(() => (hands.tool.value = 'pan')),
    'design.tool-select': hand(() => (hands.tool.value = 'select')),

    'design.lay-out': hand(layOut, isOpen),
    'design.nudge-Left': hand(() => nudge('Left'), some),
    'design.nudge-Right': hand(() => nudge('Right'), some),
    'design.nudge-Up': hand(() => nudge('Up'), some),
    'design.nudge-Down': hand(() => nudge('Down'), some),
    'design.align-left': aligning('left'),
    'design.align-centre': aligning('centre'),
    'design.align-right': aligning('right'),
    'design.align-top': aligning('top'),
    'design.align-middle': aligning('middle'),
    'design.align-bottom': aligning('bottom'),
    'design.align-rows': aligning('rows'),
    'design.align-columns': aligning('columns'),
  }
  useCommands(all)

  function selectAll(): void {
    const level = designer.level.value
    const inside = hands.flow()?.drawing.value.nodes.filter(({ parent, id, role }) => (parent ?? '') === level && !id.includes('>') && role !== 'copy') // prettier-ignore
    pick((inside ?? []).map(({ id }) => id))
  }
  function layOut(): void {
    const placed = blocksOf(designer.document.value).flatMap(({ path, block: { nodes } }) => nodes.filter(({ at }) => at).map(({ id }) => `${path}/${id}`)) // prettier-ignore
    const top = designer.document.value.nodes.filter(({ at }) => at).map(({ id }) => id)
    designer.change('Lay out', (document) => placeNodes(document, new Map([...placed, ...top].map((path) => [path, null]))))
  }
  function alignBy(alignment: Alignment): void {
    const drawn = hands.flow()?.drawing.value.nodes ?? []
    const chosen = drawn.filter(({ id }) => designer.selection.value.includes(id))
    designer.change('Align', align(chosen, alignment))
  }
  function nudge(way: 'Left' | 'Right' | 'Up' | 'Down'): void {
    const [dx, dy] = { Left: [-8, 0], Right: [8, 0], Up: [0, -8], Down: [0, 8] }[way] as [number, number]
    const flow = hands.flow()
    if (!flow) return
    const places = new Map(
      selection().flatMap((path) => {
        const place = flow.placeOf(path)
        return place ? [[path, [place[0] + dx, place[1] + dy] as const] as const] : []
      }),
    )
    designer.change('Move', (document) => placeNodes(document, places), 'nudge')
  }
}
