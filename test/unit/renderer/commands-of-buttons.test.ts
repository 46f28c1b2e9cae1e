import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { parse } from '@vue/compiler-sfc'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../../shared/commands'

const root = path.join(__dirname, '../../../renderer')
const files = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? files(path.join(folder, one.name)) : one.name.endsWith('.vue') ? [path.join(folder, one.name)] : [],
  )

interface Node {
  readonly type: number
  readonly tag?: string
  readonly children?: readonly Node[]
  readonly loc: { readonly source: string }
  readonly props?: readonly {
    readonly name: string
    readonly value?: { readonly content: string } | undefined
    readonly arg?: { readonly content?: string } | undefined
    readonly exp?: { readonly content?: string } | undefined
  }[]
}
const attribute = (node: Node, name: string): string | undefined => node.props?.find((prop) => prop.name === name)?.value?.content
const directive = (node: Node): string | undefined => node.props?.find(({ name }) => name === 'command')?.exp?.content

/** Buttons, links that look like them, and what opens a menu; without those of dialogs, which stand over the page and are reached by Tab. */
function controls(node: Node): Node[] {
  if (node.tag === 'dialog' || node.tag === 'FormDialog') return []
  const isControl =
    node.tag === 'button' ||
    node.tag === 'summary' ||
    (node.tag === 'RouterLink' && /\bbutton\b/.test(attribute(node, 'class') ?? ''))
  return [...(isControl ? [node] : []), ...(node.children ?? []).flatMap(controls)]
}
/** A choice of what is shown, or one of many alike, which is called by what it is of; and what opens a menu. */
const isChoice = (node: Node): boolean =>
  node.tag === 'summary' ||
  ['aria-pressed', 'aria-expanded', 'aria-current', 'aria-selected'].some((name) => bound(node, name)) ||
  bound(node, 'aria-label') ||
  bound(node, 'key')
const bound = (node: Node, name: string): boolean =>
  node.props?.some((prop) => prop.name === 'bind' && prop.arg?.content === name) ?? false
const found = files(root).map((file) => ({
  file: path.relative(root, file),
  controls: controls(parse(readFileSync(file, 'utf8')).descriptor.template!.ast as unknown as Node),
}))

/**
 * Controls without a command of their own, with how many there are: looked through one by one. The palette has them as “On this page”, by the name that a screen reader reads.
 * Whoever adds one here says why it is not something to be done, but a choice of what is shown, or one of many alike.
 */
const REVIEWED: Readonly<Record<string, readonly [count: number, why: string]>> = {
  'charts/ChartCard.vue': [3, 'one of many charts: its menu of files'],
  'charts/DataTable.vue': [1, 'one of many tables: to copy it'],
  'compare/ComparePicker.vue': [1, 'what was found, in a list that arrow keys go through'],
  'datasets/DatasetPage.vue': [1, 'shows all again'],
  'datasets/checks/ChecksView.vue': [1, 'calls the check off that is at work'],
  'datasets/checks/FindingView.vue': [1, 'shows more of a long list'],
  'datasets/checks/FoundPicture.vue': [1, 'one of many pictures'],
  'datasets/list/DatasetsPage.vue': [1, 'shows all again'],
  'designer/canvas/ProblemBubble.vue': [1, 'mends the problem beside it'],
  'designer/library/LibraryPage.vue': [1, 'shows all again'],
  'designer/panels/NetworkInspector.vue': [1, 'selects one of many stages'],
  'designer/panels/PaletteItem.vue': [1, 'inserts one of many layers'],
  'designer/panels/ProblemsPanel.vue': [1, 'shows more of a long list'],
  'designer/panels/ProjectionTable.vue': [1, 'selects one of many units'],
  'experiments/AxisEditor.vue': [2, 'of one of many axes'],
  'experiments/ExperimentHeats.vue': [1, 'shows more of a long list'],
  'experiments/ReadyCard.vue': [2, 'starts or changes one of many ready experiments'],
  'new-run/RunEstimate.vue': [1, 'calls the measurement off that is at work'],
  'runs/CurveTools.vue': [1, 'shows all again'],
  'runs/RunAnnotations.vue': [1, 'goes to one of many annotations'],
  'runs/RunHeat.vue': [2, 'earlier and later rows of the heat map'],
  'runs/RunSummaryPanel.vue': [1, 'goes to one of many blocks'],
  'runs/table/BulkBar.vue': [2, 'marked runs out of sight: shows or forgets them'],
  'runs/table/ColumnMenu.vue': [1, 'the columns as at first, in their menu'],
  'runs/table/PeekPanel.vue': [3, 'of the run that is peeked at'],
  'runs/table/RunsTable.vue': [2, 'sorts by one of many columns; shows all again'],
  'settings/EngineCard.vue': [1, 'removes one of many engines'],
  'settings/DataFolderCard.vue': [1, 'ends what a command began, once it is ready'],
  'spectra/SourcePicker.vue': [1, 'ends a form'],
  'spectra/SpectraPage.vue': [1, 'an example, while nothing is chosen'],
  'ui/NoticeLine.vue': [2, 'of one of many notices'],
  'ui/PageState.vue': [1, 'asks again for what could not be had'],
  'ui/WorkLine.vue': [1, 'calls off the work beside it'],
}

describe('buttons and commands', () => {
  it('has a command for each button of a page, or a reviewed reason', () => {
    const bare = Object.fromEntries(
      found
        .map(({ file, controls }) => [
          file,
          controls.filter(
            (node) => directive(node) === undefined && attribute(node, 'data-command') === undefined && !isChoice(node),
          ).length,
        ])
        .filter(([, count]) => count !== 0),
    ) as Record<string, number>
    expect(bare).toEqual(Object.fromEntries(Object.entries(REVIEWED).map(([file, [count]]) => [file, count])))
  })

  it('names commands that there are', () => {
    const ids = new Set<string>(COMMANDS.map(({ id }) => id))
    const named = found.flatMap(({ controls }) =>
      controls.flatMap((node) => attribute(node, 'data-command') ?? /^'([^']+)'$/.exec(directive(node) ?? '')?.[1] ?? []),
    )
    expect(named.length).toBeGreaterThan(60)
    expect(named.filter((id) => !ids.has(id))).toEqual([])
  })
})
