import { computed, onScopeDispose, reactive, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { DatasetSummary, PresetInfo, RequestInput } from '../../shared/api'
import { recommendedRepairs, writtenOut } from '../../shared/architecture'
import type { NetworkDocument } from '../../shared/architecture/document'
import type { LibraryItem } from '../../shared/library'
import { isMade } from '../../shared/datasets/made'
import { requireReadable } from '../../shared/unreadable-run'
import { useLab } from '../lab/lab-injection'
import { useAnswer } from '../lab/use-latest'
import { sentenceOf } from '../ui/use-notices'
import { useOnce } from '../ui/use-once'
import { networkDepth, parsePresetWords, presetWords } from './preset-words'
import { dropDraft, keepDraft, takeDraft } from './run-drafts'
import { applyRecommended, emptyForm, formOf, requestOf, type RunForm } from './run-form'

/** Weights that a run may begin with in place of initial values, and whose they are. */
export interface StartWeights {
  readonly source: NonNullable<RequestInput<'runs.start'>['weights']>
  /** `the network’s own weights, epoch12.safetensors`. */
  readonly words: string
}

const PROJECTED = 'training.projection.layers'

/** What waits of a form that was left half filled. */
interface Draft {
  readonly form: RunForm
  /** Whether the network is still the one that the address brought along. */
  readonly isOwn: boolean
  readonly original: number | null
  readonly takesWeights: boolean
}

/**
 * The form of a new run: what can be chosen, what is chosen, and what the network would be. The address may carry
 * `network` and `dataset` (a ready example), `from` (a run whose settings to take) or `design` (a network of the library).
 * A form is of one address: another address gets another form, and what was changed in one waits for the way back.
 */
export function useRunForm() {
  const { lab, session } = useLab()
  const router = useRouter()
  const { fullPath: address, query } = useRoute()
  const presets = shallowRef<readonly PresetInfo[] | null>(null)
  const datasets = shallowRef<readonly DatasetSummary[]>([])
  const error = shallowRef<string | null>(null)
  /** What the error is about. */
  const asked = shallowRef('The presets')
  const form = reactive(emptyForm())
  /** The document of a designed network, or of a cloned run whose network came from no preset. */
  const ownDocument = shallowRef<NetworkDocument | null>(null)
  /** The library item that the document is of; null for a run's. */
  const design = shallowRef<number | null>(null)
  /** The run whose settings the form was filled with. */
  const original = shallowRef<number | null>(null)
  const weights = shallowRef<StartWeights | null>(null)
  const takesWeights = shallowRef(true)

  const preset = computed(() => presets.value?.find(({ name }) => name === form.preset) ?? null)
  const dataset = computed(() => datasets.value.find(({ name }) => name === form.settings['data.name']) ?? null)
  const network = computed(() => ownDocument.value ?? (preset.value ? presetWords(preset.value, form.options) : form.preset))
  const depth = computed(() => networkDepth(ownDocument.value, preset.value, form.options))
  /** Orthogonal by construction, stem and transitions have nothing that a projection would take; the lab refuses one. */
  const isOrthogonal = computed(() => ownDocument.value === null && form.options['transitions'] === 'orthogonal')
  watch(
    [isOrthogonal, () => form.settings[PROJECTED]],
    ([is, layers], [was]) => {
      if (is && layers === 'transitions') form.settings[PROJECTED] = 'none'
      else if (was && !is && layers === 'none' && preset.value) form.settings[PROJECTED] = preset.value.recommended.projection
    },
    { flush: 'sync' },
  )
  const checked = computed(() => {
    const { request, problems } = requestOf(form, network.value)
    const source = ownDocument.value && takesWeights.value ? weights.value?.source : undefined
    if (!request) return { request, problems }
    const like = original.value !== null && { like: original.value }
    return { request: { ...request, ...like, ...(source && { weights: source }) }, problems }
  })

  /** Takes a preset; with its own example's options and its paper's repairs. */
  function choosePreset(info: PresetInfo, words = info.example): void {
    ownDocument.value = null
    original.value = null
    form.preset = info.name
    form.options = { ...parsePresetWords(words).options }
    applyRecommended(form, info.recommended)
  }

  /** A network of the library, with the repairs that its form is trained with. */
  function takeDesign(item: LibraryItem, document: NetworkDocument): void {
    form.preset = ''
    ownDocument.value = document
    design.value = item.id
    weights.value = item.weights && { source: { item: item.id }, words: `the network’s own weights, ${item.weights.name}` }
    applyRecommended(form, recommendedRepairs(document))
    if (typeof query['dataset'] === 'string') form.settings['data.name'] = query['dataset']
  }

  /** What a reader can have changed, as plain data. */
  const contents = (): string =>
    JSON.stringify({
      ...{ form, isOwn: ownDocument.value !== null },
      ...{ original: original.value, takesWeights: takesWeights.value },
    } satisfies Draft)
  /** The form as the address fills it; null until that is known. */
  let found: string | null = null
  const isDraft = shallowRef(false)

  function fillIn(text: string): void {
    const draft = JSON.parse(text) as Draft
    Object.assign(form, draft.form)
    takesWeights.value = draft.takesWeights
    original.value = draft.original
    if (!draft.isOwn) ownDocument.value = null
  }
  onScopeDispose(() => {
    if (found !== null && contents() !== found) keepDraft(address, contents())
    else if (found !== null) dropDraft(address)
  })

  /** Back to what the address alone says. */
  async function startOver(): Promise<void> {
    dropDraft(address)
    Object.assign(form, emptyForm())
    ownDocument.value = null
    original.value = null
    takesWeights.value = true
    await load()
  }

  async function load(): Promise<void> {
    error.value = null
    try {
      const from = Number(query['from'])
      const designed = Number(query['design'])
      asked.value = 'The presets'
      const [known, sets] = await Promise.all([lab.request('presets.list', {}), lab.request('datasets.list', {})])
      datasets.value = sets
      if (from > 0) asked.value = 'The run to start from'
      const run = Number.isInteger(from) && from > 0 ? await lab.request('runs.show', { run: from }) : null
      if (designed > 0) asked.value = 'The network'
      const item = Number.isInteger(designed) && designed > 0 ? await lab.request('library.show', { id: designed }) : null
      const data = run?.configuration?.data.name ?? (typeof query['dataset'] === 'string' ? query['dataset'] : '')
      // A made set with numbers of its own is on no list.
      if (isMade(data) && !sets.some(({ name }) => name === data))
        datasets.value = [...sets, await lab.request('datasets.show', { name: data })]
      const isOfVectors = datasets.value.some(({ name, vectors }) => name === data && vectors)
      const usual = isOfVectors ? 'residual-mlp' : 'proc-resnet:blocks=3'
      const words = typeof query['network'] === 'string' ? query['network'] : usual
      // Words that are no preset's are said so, rather than another network trained in silence.
      const { preset: named } = writtenOut(words)
      const wanted = known.find(({ name }) => name === named)
      if (run) {
        requireReadable(run)
        Object.assign(form, formOf(run))
        original.value = run.id
        ownDocument.value =
          known.some(({ name }) => name === form.preset) && !run.configuration.weights ? null : run.configuration.network
        if (run.configuration.weights)
          weights.value = { source: { run: run.id }, words: `the weights that run ${run.id} began with` }
      } else if (item?.document.format === 'normlab/network') takeDesign(item, item.document)
      else if (wanted) {
        choosePreset(wanted, words)
        if (typeof query['dataset'] === 'string') form.settings['data.name'] = query['dataset']
      }
      found = contents()
      const draft = takeDraft(address)
      if (draft) fillIn(draft)
      isDraft.value = draft !== null
      presets.value = known
    } catch (problem) {
      error.value = sentenceOf(problem)
    }
  }
  watch(session, (opened) => opened > 0 && presets.value === null && void load(), { immediate: true })

  const { value: summary, error: problem } = useAnswer(
    () => presets.value && ([network.value, String(form.settings['data.name'])] as const),
    ([asked, data]) => lab.request('networks.inspect', { network: asked, dataset: data }),
    { wait: 200 },
  )
  const inspection = { summary, problem }

  /** Why the lab did not start it; no longer told once something is changed. */
  const refusal = shallowRef<string | null>(null)
  watch(checked, () => (refusal.value = null))
  const { isBusy: busy, begin: start } = useOnce(
    async () => {
      const { request } = checked.value
      if (!request) return
      refusal.value = null
      const run = await lab.request('runs.start', request)
      // It has become a run: nothing waits here for the way back.
      found = contents()
      await router.push(`/runs/${run.id}`)
    },
    (failure) => (refusal.value = sentenceOf(failure)),
  )
  return {
    presets,
    datasets,
    error,
    asked,
    isDraft,
    startOver,
    form,
    preset,
    dataset,
    network,
    ownDocument,
    design,
    weights,
    takesWeights,
    depth,
    checked,
    isOrthogonal,
    choosePreset,
    inspection,
    busy,
    refusal,
    start,
    reload: load,
  }
}
