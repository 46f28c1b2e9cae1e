import { computed, reactive } from 'vue'
import type { RequestInput } from '../../../shared/api'
import { settingAt } from '../../../shared/settings'
import { useLab } from '../../lab/lab-injection'
import { useAnswer } from '../../lab/use-latest'
import { applies, readValues, type SettingValues, usualValues } from '../../setting-fields/setting-values'

const PATHS = ['training.augmentation.flip', 'training.augmentation.crop', 'training.augmentation.padding', 'seed'] as const
/** Draws that are shown. */
const DRAWS = 12

/** Choices hold for the next image too. */
const values: SettingValues = reactive({
  ...usualValues(),
  'training.augmentation.flip': true,
  'training.augmentation.crop': '4',
})

/** What training will see of an image, by the settings of augmentation and the seed. */
export function useAugmented(image: () => { name: string; split: string; index: number }) {
  const { lab } = useLab()
  const fields = computed(() => PATHS.map((path) => settingAt(path)!).filter((setting) => applies(setting, values)))
  const read = computed(() => readValues(values))
  const problems = computed(() => read.value.problems)
  const asked = computed(() => {
    if (PATHS.some((path) => problems.value[path])) return null
    const { training, seed } = read.value.tree as unknown as {
      training: { augmentation: RequestInput<'datasets.augmented'>['augmentation'] }
      seed: number
    }
    return JSON.stringify({ ...image(), augmentation: training.augmentation, seed, draws: DRAWS })
  })
  const answer = useAnswer(
    () => asked.value,
    (text) => lab.request('datasets.augmented', JSON.parse(text) as RequestInput<'datasets.augmented'>),
    { wait: 60, earlier: 'goes with a failure' },
  )
  return { values, fields, problems, images: answer.value, error: answer.error, draws: DRAWS }
}
