import { computed, shallowRef, type ComputedRef } from 'vue'
import { useRouter, type RouteLocationRaw } from 'vue-router'
import type { DatasetSummary, PresetInfo } from '../../shared/api'
import { labSettings } from '../../shared/lab-settings'
import type { Experiment } from '../../shared/experiments/experiment'
import type { LibraryItem } from '../../shared/library'
import { plainText, runNumber } from '../../shared/run-labels'
import { toldName } from '../../shared/run-origin'
import { helpAddress } from '../help/contents'
import { useBoundCommands } from '../commands/use-commands'
import { useLab } from '../lab/lab-injection'
import { RUN_STATES } from '../run-list/run-state'
import { useRuns } from '../run-list/use-runs'
import { pageControls } from './page-controls'
import type { Entry } from './ranking'

/** All that the palette finds: what can be done now, and every run, network, experiment and data set there is. */
export function useEntries(): { readonly entries: ComputedRef<readonly Entry[]>; load(): void } {
  const { lab } = useLab()
  const router = useRouter()
  const commands = useBoundCommands()
  const { list: runs } = useRuns()
  const networks = shallowRef<readonly LibraryItem[]>([])
  const presets = shallowRef<readonly PresetInfo[]>([])
  const experiments = shallowRef<readonly Experiment[]>([])
  const datasets = shallowRef<readonly DatasetSummary[]>([])

  /** Titles of the guide's pages; its text comes with the guide. */
  const guide = shallowRef<readonly { readonly name: string; readonly title: string }[]>([])

  const here = shallowRef<readonly Entry[]>([])

  const to = (place: RouteLocationRaw) => () => router.push(place)
  const entries = computed((): Entry[] => [
    ...commands.value
      .filter((command) => command.id !== 'palette.open' && command.isEnabled())
      .map((command) => ({
        ...{ id: `command:${command.id}`, section: SECTIONS[command.section] ?? command.section },
        ...{ label: command.words(), keywords: command.keywords, keys: command.keys },
        perform: () => command.perform(),
      })),
    ...here.value,
    ...(runs.value ?? []).map((run) => ({
      ...{ id: `run:${run.id}`, section: 'Runs', label: `${runNumber(run.id)} ${plainText(run.name)}` },
      ...{
        detail: [RUN_STATES[run.state].label.toLowerCase(), toldName(run.dataset)].filter((word) => word !== null).join(' · '),
        keywords: run.tags.join(' '),
      },
      perform: to(`/runs/${run.id}`),
    })),
    ...networks.value.map((item) => ({
      ...{ id: `network:${item.id}`, section: 'Networks', label: plainText(item.name) },
      detail: item.document.format === 'normlab/block' ? 'block' : 'network',
      perform: to({ path: '/design/network', query: { id: String(item.id) } }),
    })),
    ...presets.value.map((preset) => ({
      ...{ id: `preset:${preset.name}`, section: 'Networks', label: preset.title, detail: 'preset', keywords: preset.name },
      perform: to({ path: '/design/network', query: { preset: preset.example } }),
    })),
    ...experiments.value.map(({ id, definition }) => ({
      ...{ id: `experiment:${id}`, section: 'Experiments', label: plainText(definition.name) },
      perform: to(`/experiments/${id}`),
    })),
    // On the page of settings its fields are told as what is there; the theme has commands.
    ...labSettings
      .filter(({ kept, section }) => kept === 'data folder' && section !== null && router.currentRoute.value.name !== 'settings')
      .map(({ name, label, section }) => ({
        ...{ id: `setting:${name}`, section: 'Settings', label, detail: section!.toLowerCase(), keywords: name },
        perform: to({ path: '/settings', query: { show: name } }),
      })),
    ...guide.value.map(({ name, title }) => ({
      ...{ id: `guide:${name}`, section: 'Guide', label: title, keywords: `${name} help manual guide` },
      perform: to(helpAddress(name)),
    })),
    ...datasets.value.map(({ name }) => ({
      ...{ id: `dataset:${name}`, section: 'Data sets', label: plainText(name) },
      perform: to({ name: 'dataset', params: { name } }),
    })),
  ])

  /** Asks anew; where a list is not told, the others are there. */
  function load(): void {
    here.value = pageControls()
    void lab.request('library.list', {}).then((found) => (networks.value = found), leave)
    void lab.request('presets.list', {}).then((found) => (presets.value = found), leave)
    void lab.request('experiments.list', {}).then((found) => (experiments.value = found), leave)
    void import('../help/pages').then(
      ({ PAGES }) => (guide.value = PAGES.map(({ name, page }) => ({ name, title: page.title }))),
      leave,
    )
    void lab.request('datasets.list', {}).then((found) => (datasets.value = found), leave)
  }
  return { entries, load }
}

const leave = (): void => undefined

/** Sections of commands under another name than in the list of keys. */
const SECTIONS: Readonly<Record<string, string>> = { Go: 'Pages', Walk: 'Canvas' }
