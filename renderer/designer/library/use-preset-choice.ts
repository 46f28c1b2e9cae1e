import { watchDebounced } from '@vueuse/core'
import { shallowRef } from 'vue'
import type { PresetInfo } from '../../../shared/api'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { useLab } from '../../lab/lab-injection'
import { sentenceOf } from '../../ui/use-notices'

/** The words of one preset as they are typed, and the network that they amount to. */
export function usePresetChoice(info: PresetInfo) {
  const { lab, session } = useLab()
  const words = shallowRef(info.example)
  const document = shallowRef<NetworkDocument | null>(null)
  const problem = shallowRef<string | null>(null)
  let generation = 0
  watchDebounced(
    [words, session],
    async () => {
      if (session.value === 0) return
      const mine = ++generation
      try {
        const summary = await lab.request('networks.inspect', { network: words.value.trim() || info.name })
        if (mine !== generation) return
        document.value = summary.document
        problem.value = null
      } catch (error) {
        if (mine === generation) problem.value = sentenceOf(error)
      }
    },
    { debounce: 150, immediate: true },
  )
  return { words, document, problem }
}
