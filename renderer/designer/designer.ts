import { type ComputedRef, inject, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type { NetworkCheck, Problem } from '../../shared/architecture/check'
import type { NetworkDocument, NetworkNode } from '../../shared/architecture/document'
import type { FixedRange } from '../charts/ratio-scale'
import type { InitialEvent } from '../../shared/initial-measures'
import type { SettingValues } from '../setting-fields/setting-values'

/** What an edit makes of a document: the new one, and, where it wants, the nodes that are selected afterwards. */
export interface Edited {
  readonly document: NetworkDocument
  readonly selection?: readonly string[]
}
/** @throws UserError where the edit cannot be made. */
export type Edit = (document: NetworkDocument) => Edited

/** A way out of a problem, as a button: `Insert a transition`. */
export interface Fix {
  readonly label: string
  readonly edit: Edit
}

/** Something that can be put into a network: a layer, a ready block, or a block of the user's own. */
export interface PaletteEntry {
  /** `layer:conv2d`, `ready:basic-block`, `own:12`. */
  readonly id: string
  readonly title: string
  readonly category: string
  readonly description: string
  /** Further words that a search finds it by. */
  readonly words: string
  /** Its nodes, in a chain. @param channels Those that will enter it; null where that is not known. */
  create(channels: number | null): NetworkNode[]
}

/** Ratios at initialisation, by unit name (`stage1.block17`), as they were measured of a document in the background. */
export interface InitialRatios {
  /** `off` until somebody asks; `stale` while the shown numbers are of a document before the last edit. */
  readonly state: 'off' | 'working' | 'measured' | 'stale' | 'refused'
  readonly phase: 'waiting' | 'compiling' | 'measuring' | null
  readonly message: string | null
  /** The last measurement, if there was one. */
  readonly measured: Extract<InitialEvent, { state: 'measured' }> | null
  /** Of the last measurement; with the repairs' choice of the panel (`projected`) applied. */
  readonly ratios: ReadonlyMap<string, number>
}

/**
 * The designer's state, shared by canvas, palette, inspector and panels. Paths are ids joined by `/` (`stage1/block/conv1`); the
 * network itself is the empty path.
 */
export interface Designer {
  readonly document: Readonly<ShallowRef<NetworkDocument>>
  /** What the document comes to; follows every edit at once. */
  readonly check: ComputedRef<NetworkCheck>
  readonly selection: Readonly<ShallowRef<readonly string[]>>
  select(paths: readonly string[]): void
  /** The block that is edited in place, where new nodes go; empty for the network itself. */
  readonly level: ComputedRef<string>
  /** The sentence that says why nothing can be changed; null where all can. */
  readonly readOnly: Readonly<Ref<string | null>>

  /**
   * One step of editing, to be undone as one. Steps of the same `merge` word that follow one another become one (typing a number).
   * @returns false where it was refused; the reader has been told why.
   */
  change(label: string, edit: Edit, merge?: string): boolean
  undo(): void
  redo(): void
  /** What undo and redo would do; null where there is nothing. */
  readonly undoLabel: ComputedRef<string | null>
  readonly redoLabel: ComputedRef<string | null>

  /** Puts an entry behind the selection, connected; the keyboard's way. */
  insert(entry: PaletteEntry): void
  /** What is being dragged from the palette. */
  readonly dragged: ShallowRef<PaletteEntry | null>
  fixesFor(problem: Problem): readonly Fix[]

  /** Images in a batch, for memory and for the measurement. */
  readonly batch: Ref<number>
  /** The data set that the network is meant for. */
  readonly dataset: Ref<string>
  readonly initial: Readonly<ShallowRef<InitialRatios>>
  /** The library item whose weights are measured in place of initial values; null where it has none. */
  readonly weights: Readonly<Ref<number | null>>
  /** What initial values are drawn by for that, as fields hold it, by the settings' paths. */
  readonly start: Ref<SettingValues>
  /** Whether ratios at initialisation are measured anew after each edit. */
  readonly measures: Ref<boolean>
  /** Whether the ratios shown are those after the projection. */
  readonly projected: Ref<boolean>
  /** Of the ratios' colours and axes, here and in pictures; ratios at initialisation lie near 1, so 0.5 to 2 unless one chooses. */
  readonly ratioRange: Ref<FixedRange>
  /** Measures now. */
  measure(): void
}

export const designerKey: InjectionKey<Designer> = Symbol('designer')

export function useDesigner(): Designer {
  const designer = inject(designerKey)
  if (!designer) throw new Error('useDesigner outside of the designer')
  return designer
}
