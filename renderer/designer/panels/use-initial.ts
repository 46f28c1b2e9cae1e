import { computed } from 'vue'
import type { StateMeasures } from '../../../shared/initial-measures'
import { valuesIn } from '../../../shared/measures/unit-sets'
import { measureNorms } from '../../../shared/measures/values'
import type { Unit } from '../../../shared/records'
import { useDesigner } from '../designer'

/** A stem or transition with its ratio before and after the projection, and what the projection does to its convolutions. */
export interface Projectable {
  readonly unit: string
  readonly plain: number
  readonly projected: number | null
  readonly kernels: readonly {
    readonly layer: string
    readonly least: number
    readonly greatest: number
    readonly after: number
  }[]
}

/** The measured ratios at initialisation, as the panel tells them. */
export function useInitial() {
  const { initial, projected } = useDesigner()
  const measured = computed(() => initial.value.measured)
  const shown = computed<StateMeasures | null>(() =>
    measured.value ? ((projected.value ? measured.value.projected : null) ?? measured.value.plain) : null,
  )
  const units = computed<readonly Unit[]>(() => measured.value?.units ?? [])
  const measures = computed(() => (shown.value ? measureNorms(shown.value.norms, units.value) : null))
  const blocks = computed(() => (shown.value ? valuesIn('blocks', shown.value.ratios, units.value) : new Float32Array(0)))
  const projectable = computed<Projectable[]>(() => {
    const found = measured.value
    if (!found) return []
    return found.units.flatMap(({ name, kind }, l) =>
      kind === 'block'
        ? []
        : [
            {
              unit: name,
              plain: found.plain.ratios[l] ?? NaN,
              projected: found.projected?.ratios[l] ?? null,
              kernels: found.kernels
                .filter(({ layer }) => layer === name || layer.startsWith(`${name}.`))
                .map(({ layer, before: [a, b], after }) => ({ layer, least: Math.min(a, b), greatest: Math.max(a, b), after })),
            },
          ],
    )
  })
  return { initial, measured, shown, units, measures, blocks, projectable }
}
