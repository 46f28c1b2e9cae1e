import { computed, shallowRef } from 'vue'
import type { PresetInfo } from '../../../shared/api'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { useLab } from '../../lab/lab-injection'
import { useAnswer } from '../../lab/use-latest'

/** The words of one preset as they are typed, and the network that they amount to. */
export function usePresetChoice(info: PresetInfo) {
  const { lab, session } = useLab()
  const words = shallowRef(info.example)
  const { value, error: problem } = useAnswer(
    () => (session.value > 0 ? [words.value, session.value] : null),
    () => lab.request('networks.inspect', { network: words.value.trim() || info.name }),
    { wait: 150 },
  )
  const document = computed<NetworkDocument | null>(() => value.value?.document ?? null)
  return { words, document, problem }
}
