import { useStorage } from '@vueuse/core'
import { computed, markRaw, onScopeDispose, ref, shallowRef } from 'vue'
import { checkNetwork, type Problem } from '../../../shared/architecture/check'
import { dataProblems, withProblems } from '../../../shared/architecture/data-fit'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'
import type { LibraryItem } from '../../../shared/library'
import type { FixedRange } from '../../charts/ratio-scale'
import { useLab } from '../../lab/lab-injection'
import { useNotices } from '../../ui/use-notices'
import { type BlockView, endOf } from '../canvas/drawing'
import type { Designer, Edit, PaletteEntry } from '../designer'
import { EXIT, insertNodes, keepValid, nodeAt, nodesOf, parentOf, wiringOf, idOf, join } from '../edit'
import { keepBench } from './block-bench'
import { fixesFor } from './fixes'
import { type History, noHistory, stepBack, stepForward, withStep } from './history'
import { findSession, leaveSession } from './sessions'
import { useAutosave } from './use-autosave'
import { useDataset } from './use-dataset'
import { useInitialRatios } from './use-initial-ratios'
import { allBlocks, carryViews, opened, type Views, visible } from './views'

/** A network that is opened in the designer. */
export interface OpenedNetwork {
  readonly document: NetworkDocument
  readonly item: LibraryItem | null
  readonly readOnly: string | null
  /** What it is, as long as it is unchanged and not in the library: a preset's words, or a run's network. */
  readonly source: { readonly preset: string } | { readonly run: number } | null
  /** The name that it takes with its first change; null to keep its own. */
  readonly nameWhenChanged: string | null
}

/** What the designer knows: the document, its history, what is selected, how blocks are shown; and what follows from them. */
export function useDesignerState({ document: first, item: kept, readOnly: sentence, nameWhenChanged }: OpenedNetwork) {
  const { complain } = useNotices()
  const { lab } = useLab()
  const session = findSession(kept?.id, first)
  const document = shallowRef<NetworkDocument>(markRaw(session?.document ?? first))
  const item = shallowRef(kept)
  const batch = ref(32)
  const { dataset, geometry } = useDataset(document)
  /** A block on its bench is for no data set. */
  const isBench = computed(() => item.value?.document.format === 'normlab/block')
  const check = computed(() => {
    const found = checkNetwork(document.value)
    return geometry.value && !isBench.value ? withProblems(found, dataProblems(found, geometry.value)) : found
  })
  /** Ids of drawn nodes: paths, and where tensors enter or leave a block. */
  const picked = shallowRef<readonly string[]>([])
  const selection = computed(() => picked.value.filter((id) => !id.includes('>') && !id.includes('#')))
  const views = shallowRef<Views>(new Map())
  const history = shallowRef<History<NetworkDocument>>(session?.history ?? noHistory)
  onScopeDispose(() => item.value && leaveSession(item.value.id, { document: document.value, history: history.value }))
  const readOnly = ref(sentence)
  const autosave = useAutosave(document, item, () => readOnly.value === null)

  const weights = computed(() => (item.value?.weights ? item.value.id : null))
  const initial = useInitialRatios({ document, check, batch, dataset, weights })

  function show(next: NetworkDocument, selected: readonly string[]): void {
    views.value = carryViews(views.value, document.value, next)
    document.value = markRaw(next)
    pick(selected.filter((path) => nodeAt(next, path)))
  }

  /** What cannot be seen cannot be picked: the folded block that it lies in is. */
  function pick(wanted: readonly string[]): void {
    const ids = [...new Set(wanted.map((id) => visible(views.value, id)))]
    if (ids.join('\n') === picked.value.join('\n')) return
    picked.value = ids
  }

  function change(label: string, edit: Edit, merge?: string): boolean {
    if (readOnly.value !== null) {
      complain(new UserError(readOnly.value))
      return false
    }
    const before = { document: document.value, selection: selection.value }
    try {
      const { document: edited, selection: wanted } = edit(before.document)
      if (edited === before.document) {
        if (wanted) pick(wanted)
        return true
      }
      keepValid(before.document, edited)
      if (isBench.value) keepBench(before.document, edited)
      const isFirst = history.value.done.length === 0 && nameWhenChanged !== null && edited.name === first.name
      const next = isFirst ? { ...edited, name: nameWhenChanged } : edited
      const selected = wanted ?? before.selection
      history.value = withStep(history.value, label, before, { document: next, selection: selected }, merge)
      show(next, selected)
      return true
    } catch (error) {
      complain(error)
      return false
    }
  }

  function walk(step: ReturnType<typeof stepBack<NetworkDocument>>): void {
    if (!step) return
    history.value = step.history
    for (const path of step.moment.selection) if (nodeAt(step.moment.document, path)) views.value = opened(views.value, path)
    show(step.moment.document, step.moment.selection)
  }

  /** The block that new nodes go into, and what they are put behind. */
  const place = computed((): { level: string; after: string[] } => {
    const ids = picked.value
    const port = ids.find((id) => id.includes('>'))
    if (port !== undefined) {
      const { level, reference } = endOf(port)
      return { level, after: reference === EXIT ? lastOf(document.value, level) : [reference] }
    }
    const level = parentOf(selection.value[0] ?? '')
    const after = selection.value.filter((path) => parentOf(path) === level).map(idOf)
    return { level, after: after.length > 0 ? after : lastOf(document.value, level) }
  })

  function insert(entry: PaletteEntry): void {
    const { level, after } = beforeLoss(document.value, place.value)
    const channels = channelsOf(check.value, level, after[0])
    const isBlockLevel = level !== ''
    change(`Insert ${entry.title}`, (current) =>
      insertNodes(current, level, entry.create(channels), { after: after.length > 0 || !isBlockLevel ? after : ['$input'] }),
    )
  }

  function setView(path: string, view: BlockView | null): void {
    const next = new Map(views.value)
    if (view) next.set(path, view)
    else for (const open of views.value.keys()) if (open === path || open.startsWith(`${path}/`)) next.delete(open)
    views.value = next
    pick(picked.value)
  }

  const designer: Designer = {
    document,
    check,
    selection,
    select(paths) {
      for (const path of paths) views.value = opened(views.value, path)
      pick(paths)
    },
    level: computed(() => place.value.level),
    readOnly,
    change,
    undo: () => walk(stepBack(history.value)),
    redo: () => walk(stepForward(history.value)),
    undoLabel: computed(() => history.value.done[history.value.done.length - 1]?.label ?? null),
    redoLabel: computed(() => history.value.undone[history.value.undone.length - 1]?.label ?? null),
    insert,
    dragged: shallowRef<PaletteEntry | null>(null),
    fixesFor: (problem: Problem) => (readOnly.value === null ? fixesFor(problem, document.value, check.value) : []),
    batch,
    dataset,
    initial: initial.initial,
    weights,
    start: initial.start,
    measures: initial.measures,
    projected: initial.projected,
    ratioRange: useStorage<FixedRange>('normlab.designer-range', 2),
    measure: initial.measure,
  }
  /**
   * Everything was undone of a network that was not in the library before: its place there is given back; not if the way leads to it.
   *
   * @returns whether it was.
   */
  async function leave(isWanted: (item: LibraryItem) => boolean): Promise<boolean> {
    await autosave.flush()
    const isAsFound = kept === null && history.value.done.length === 0 && history.value.undone.length > 0
    if (!isAsFound || item.value?.versions !== 0 || isWanted(item.value)) return false
    await lab.request('library.delete', { ids: [item.value.id] })
    return true
  }

  return {
    designer,
    leave,
    item,
    autosave,
    picked,
    pick,
    views,
    setView,
    showAll() {
      views.value = allBlocks(document.value)
      pick(picked.value)
    },
    foldAll() {
      views.value = new Map()
      pick(picked.value)
    },
    place,
  }
}
export type DesignerState = ReturnType<typeof useDesignerState>

/** What leaves a block, or the last node of the network. */
function lastOf(document: NetworkDocument, level: string): string[] {
  const nodes = nodesOf(document, level)
  if (!nodes || nodes.length === 0) return []
  return [wiringOf(document, level).leaving ?? nodes[nodes.length - 1]!.id]
}

/** Nothing follows the loss: what is put behind it goes before it. */
function beforeLoss(document: NetworkDocument, place: { level: string; after: string[] }): { level: string; after: string[] } {
  const { level, after } = place
  if (after.length !== 1 || nodeAt(document, join(level, after[0]!))?.kind !== 'softmax-cross-entropy') return place
  const loss = wiringOf(document, level).nodes.find(({ node }) => node.id === after[0])!
  return { level, after: [...loss.inputs] }
}

/** Channels of what leaves a node; null where that is not known. */
function channelsOf(check: ReturnType<typeof checkNetwork>, level: string, id: string | undefined): number | null {
  const entering = id?.startsWith('$') ? check.nodes.get(level)?.inputs[0] : undefined
  const shape = entering ?? (id === undefined ? undefined : check.nodes.get(join(level, id))?.output)
  return shape && shape.length > 0 ? shape[shape.length - 1]! : null
}
