import { useDebounceFn } from '@vueuse/core'
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { NetworkCheck } from '../../../shared/architecture/check'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { type InitialValues, initialValuesOf, Training } from '../../../shared/configuration'
import type { InitialEvent } from '../../../shared/initial-measures'
import { fill, readValues, type SettingValues } from '../../setting-fields/setting-values'
import { useLab } from '../../lab/lab-injection'
import { sentenceOf } from '../../ui/use-notices'
import type { InitialRatios } from '../designer'

/** An edit is measured once the hand has rested so long, milliseconds. */
const REST_MS = 700

/** What the initial values are drawn by, as fields hold it. */
function usualStart(): SettingValues {
  const values: SettingValues = {}
  fill(values, { training: { ...initialValuesOf(Training.parse({})) } })
  return values
}

interface Asked {
  readonly document: Readonly<ShallowRef<NetworkDocument>>
  readonly check: Readonly<Ref<NetworkCheck>>
  readonly batch: Ref<number>
  readonly dataset: Ref<string>
  /** The library item whose weights to measure with; null for initial values. */
  readonly weights: Readonly<Ref<number | null>>
}

/** Ratios at initialisation, measured in the background by the lab; a newer question ends the older one. */
export function useInitialRatios({ document, check, batch, dataset, weights }: Asked) {
  const { lab } = useLab()
  const start = ref<SettingValues>(usualStart())
  const measures = ref(false)
  const projected = ref(false)
  const event = shallowRef<InitialEvent | null>(null)
  const measured = shallowRef<InitialRatios['measured']>(null)
  const isStale = ref(false)
  let release: (() => void) | null = null

  function letGo(): void {
    release?.()
    release = null
    if (event.value?.state === 'working') event.value = null
  }

  function measure(): void {
    letGo()
    const problem = check.value.problems[0]
    if (problem) {
      event.value = { state: 'refused', message: 'The network has problems; it is measured when they are mended.' }
      return
    }
    const { tree, problems } = readValues(start.value)
    if (weights.value === null && Object.keys(problems).length > 0) {
      event.value = { state: 'refused', message: 'An initial value has a problem; it is measured when that is mended.' }
      return
    }
    isStale.value = false
    event.value = { state: 'working', phase: 'waiting' }
    const question = {
      network: document.value,
      data: dataset.value,
      batch: batch.value,
      ...(weights.value === null ? (tree['training'] as Partial<InitialValues>) : { weights: weights.value }),
    }
    const follow = (told: InitialEvent): void => {
      event.value = told
      if (told.state === 'measured') measured.value = told
      if (told.state !== 'working') letGo()
    }
    release = lab.subscribe('networks.initial', question, follow, (failure) =>
      follow({ state: 'refused', message: sentenceOf(failure) }),
    )
  }

  const later = useDebounceFn(() => measures.value && measure(), REST_MS)
  watch([document, batch, dataset, weights, start], () => {
    if (event.value?.state === 'working') letGo()
    isStale.value = measured.value !== null
    if (measures.value) void later()
  })
  watch(measures, (isOn) => (isOn ? measure() : letGo()))
  onScopeDispose(letGo)

  const ratios = computed((): ReadonlyMap<string, number> => {
    const found = measured.value
    if (!found) return new Map()
    const values = ((projected.value ? found.projected : null) ?? found.plain).ratios
    return new Map(found.units.map(({ name }, unit) => [name, values[unit]!]))
  })
  const initial = computed((): InitialRatios => {
    const told = event.value
    const state = told?.state === 'working' ? 'working' : told?.state === 'refused' ? 'refused' : measured.value ? (isStale.value ? 'stale' : 'measured') : 'off' // prettier-ignore
    return {
      state,
      phase: told?.state === 'working' ? told.phase : null,
      message: told?.state === 'refused' ? told.message : null,
      measured: measured.value,
      ratios: ratios.value,
    }
  })
  return { measures, projected, initial, start, measure }
}
