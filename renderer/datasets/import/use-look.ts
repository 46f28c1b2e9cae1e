import { computed, onScopeDispose, reactive, shallowRef, watch } from 'vue'
import type { Recognised } from '../../../shared/api'
import type { ImportChoices, ImportQuestion } from '../../../shared/datasets/import-choices'
import { choiceOf, IMPORT_QUESTIONS } from '../../../shared/datasets/import-questions'
import type { GivenSource } from '../../../shared/run-files'
import { jobSlot } from '../../lab/job-slot'
import { useLab } from '../../lab/lab-injection'
import { sentenceOf } from '../../ui/use-notices'

/** What a source is taken for, and what the person says of it; each answer is looked at again. */
export function useLook(source: GivenSource) {
  const { lab } = useLab()
  const recognised = shallowRef<Recognised | null>(null)
  const refusal = shallowRef<string | null>(null)
  const { progress, run, cancel } = jobSlot()
  const isLooking = computed(() => progress.value !== null)
  const name = shallowRef('')
  const format = shallowRef('')
  const answers = reactive<Record<string, string>>({})

  const kind = computed(() => recognised.value?.kinds.find((one) => one.name === (format.value || recognised.value?.kind)))
  const questions = computed(() => (kind.value?.asks ?? []).filter((ask): ask is ImportQuestion => ask in IMPORT_QUESTIONS))
  const choices = computed<ImportChoices>(() =>
    Object.assign(
      {},
      format.value === '' ? {} : { format: format.value },
      ...questions.value.map((question) => choiceOf(question, answers[question] ?? '')),
    ),
  )

  async function look(): Promise<void> {
    cancel()
    const asked = { chosen: source.chosen, choices: choices.value }
    try {
      const found = await run((tell) => lab.start('datasets.recognise', asked, tell))
      if (!found) return
      recognised.value = found
      refusal.value = null
      if (name.value === '') name.value = found.name
    } catch (error) {
      refusal.value = sentenceOf(error)
    }
  }
  // As text: an answer makes another object of the same choices.
  watch(
    () => JSON.stringify(choices.value),
    () => void look(),
  )
  void look()
  onScopeDispose(cancel)
  return { recognised, refusal, progress, isLooking, name, format, answers, questions, choices }
}
