import type { Ref } from 'vue'
import type { BlockDocument } from '../../../shared/library'
import { useLab } from '../../lab/lab-injection'
import { useNotices } from '../../ui/use-notices'
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
import type { Action } from './action'
import { type Direction, firstOf, neighbourOf } from './neighbours'

/** What the page does for its actions. */
export interface ActionHands {
  readonly flow: () => Flow | null
  readonly pickedEdge: Ref<string | null>
  focusPalette(): void
  focusInspector(): void
  openConnect(): void
  openKeys(): void
  readonly tool: Ref<'pan' | 'select'>
  readonly hasMiniMap: Ref<boolean>
  keep(): unknown
  /** The library has something new. */
  readLibrary(): unknown
  train(): unknown
}

/** What was copied last, for where the system's clipboard is closed to pages; it is at hand in the next network too. */
let clipboard = ''

/** All that can be done in the designer, each as one object. */
export function useActions(state: DesignerState, hands: ActionHands): readonly Action[] {
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
  const action = (
    section: Action['section'],
    id: string,
    label: string,
    keys: string[],
    perform: (text?: string) => unknown,
    isEnabled: () => boolean = always,
  ): Action => ({ id, label, section, keys, perform, isEnabled })

  return [
    action(
      'Edit',
      'undo',
      'Undo',
      ['Ctrl+Z'],
      () => designer.undo(),
      () => isOpen() && designer.undoLabel.value !== null,
    ),
    action('Edit', 'redo', 'Redo', ['Ctrl+Shift+Z', 'Ctrl+Y'], () => designer.redo(), () => isOpen() && designer.redoLabel.value !== null), // prettier-ignore
    action('Edit', 'cut', 'Cut', ['Ctrl+X'], cut, some),
    action(
      'Edit',
      'copy',
      'Copy',
      ['Ctrl+C'],
      () => void copy(),
      () => selection().length > 0,
    ),
    action('Edit', 'paste', 'Paste behind the selection', ['Ctrl+V'], (text) => paste(text), isOpen),
    action('Edit', 'duplicate', 'Duplicate', ['Ctrl+D'], () => designer.change('Duplicate', (document) => duplicate(document, selection())), some), // prettier-ignore
    action('Edit', 'delete', 'Delete', ['Delete', 'Backspace'], remove, () => isOpen() && (selection().length > 0 || hands.pickedEdge.value !== null)), // prettier-ignore
    action('Edit', 'all', 'Select all of the block', ['Ctrl+A'], () => {
      const level = designer.level.value
      const inside = hands.flow()?.drawing.value.nodes.filter(({ parent, id, role }) => (parent ?? '') === level && !id.includes('>') && role !== 'copy') // prettier-ignore
      pick((inside ?? []).map(({ id }) => id))
    }),
    action('Edit', 'rename', 'Rename, edit attributes', ['F2'], hands.focusInspector, some),
    action('Edit', 'keep', 'Keep a version', ['Ctrl+S'], hands.keep),

    action('Build', 'insert', 'Insert: find in the palette', ['/', 'A'], hands.focusPalette, isOpen),
    action('Build', 'connect', 'Connect to…', ['C'], hands.openConnect, () => isOpen() && picked.value.length === 1 && !picked.value[0]!.endsWith('>out')), // prettier-ignore
    action('Build', 'group', 'Make a block of the selection', ['Ctrl+G'], () => designer.change('Make a block', (document) => group(document, selection())), some), // prettier-ignore
    action('Build', 'ungroup', 'Take the block apart', ['Ctrl+Shift+G'], () => designer.change('Take apart', (document) => ungroup(document, selection()[0]!)), () => isOpen() && block() !== null), // prettier-ignore
    action('Build', 'more', 'Repeat once more', [']'], repeat(1), () => isOpen() && block() !== null),
    action('Build', 'fewer', 'Repeat once less', ['['], repeat(-1), () => isOpen() && (block()?.repeat ?? 1) > 1),
    action('Build', 'unit', 'Measure it as a residual block, or no longer', ['U'], unit, () => isOpen() && block() !== null),
    action('Build', 'write-out', 'Write the copies out as blocks of their own', ['Shift+W'], () => designer.change('Write copies out', (document) => writeOut(document, selection()[0]!)), () => isOpen() && (block()?.repeat ?? 1) > 1), // prettier-ignore
    action('Build', 'keep-block', 'Keep the block in the library', ['Ctrl+B'], keepBlock, () => block() !== null),
    action('Build', 'train', 'Train this network…', ['Ctrl+Enter'], hands.train),

    action('Go', 'down', 'To what takes it', ['ArrowDown'], go('down')),
    action('Go', 'up', 'To what it takes', ['ArrowUp'], go('up')),
    action('Go', 'left', 'To the left', ['ArrowLeft'], go('left')),
    action('Go', 'right', 'To the right', ['ArrowRight'], go('right')),
    action('Go', 'down-too', 'Select what takes it as well', ['Shift+ArrowDown'], go('down', true)),
    action('Go', 'up-too', 'Select what it takes as well', ['Shift+ArrowUp'], go('up', true)),
    action('Go', 'left-too', 'Select what stands to its left as well', ['Shift+ArrowLeft'], go('left', true)),
    action('Go', 'right-too', 'Select what stands to its right as well', ['Shift+ArrowRight'], go('right', true)),
    action('Go', 'enter', 'Open the block, go into it; on a layer its attributes', ['Enter'], enter),
    action('Go', 'leave', 'Out of the block; select nothing', ['Escape'], leave),

    action(
      'View',
      'fold',
      'Fold the block',
      ['Shift+Enter'],
      () => fold(selection()[0]!),
      () => block() !== null,
    ),
    action('View', 'copies', 'Show the copies of a repeated block', ['O'], copies, () => (block()?.repeat ?? 1) > 1),
    action('View', 'show-all', 'Show all blocks', ['Shift+O'], () => {
      state.showAll()
      requestAnimationFrame(() => hands.flow()?.fitWhole())
    }, () => blocksOf(designer.document.value).length > 0), // prettier-ignore
    action('View', 'fold-all', 'Fold all blocks', ['Shift+F'], () => {
      state.foldAll()
      requestAnimationFrame(() => hands.flow()?.fit())
    }, () => views.value.size > 0), // prettier-ignore
    action('View', 'fit', 'Fit the network into the window', ['F'], () => hands.flow()?.fitWhole()),
    action('View', 'zoom-in', 'Nearer', ['+', '='], () => hands.flow()?.zoomIn()),
    action('View', 'zoom-out', 'Farther', ['-'], () => hands.flow()?.zoomOut()),
    action('View', 'map', 'The small map', ['M'], () => (hands.hasMiniMap.value = !hands.hasMiniMap.value)),
    action('View', 'tool-pan', 'Drag moves the view', ['H'], () => (hands.tool.value = 'pan')),
    action('View', 'tool-select', 'Drag selects', ['V'], () => (hands.tool.value = 'select')),
    action('View', 'keys', 'This list of keys', ['?'], hands.openKeys),

    action('Arrange', 'lay-out', 'Lay out again', ['L'], () => {
      const placed = blocksOf(designer.document.value).flatMap(({ path, block: { nodes } }) => nodes.filter(({ at }) => at).map(({ id }) => `${path}/${id}`)) // prettier-ignore
      const top = designer.document.value.nodes.filter(({ at }) => at).map(({ id }) => id)
      designer.change('Lay out', (document) => placeNodes(document, new Map([...placed, ...top].map((path) => [path, null]))))
    }, isOpen), // prettier-ignore
    ...(['Left', 'Right', 'Up', 'Down'] as const).map((way) =>
      action('Arrange', `nudge-${way}`, `Move it ${way.toLowerCase()}`, [`Alt+Arrow${way}`], () => nudge(way), some),
    ),
  ]

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
