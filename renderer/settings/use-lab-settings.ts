import { shallowRef, watch } from 'vue'
import { type LabSettings, isFolderSetting, labSettings, type NamedSetting } from '../../shared/lab-settings'
import { useLab } from '../lab/lab-injection'
import { useTheme } from '../theme/use-theme'
import { useNotices } from '../ui/use-notices'

/** The lab's own settings, as it has them, and those of the page; a change is asked for at once. */
export function useLabSettings() {
  const { lab, session } = useLab()
  const { complain } = useNotices()
  const { choice } = useTheme()
  const kept = shallowRef<LabSettings | null>(null)

  async function configure(change: Partial<LabSettings>): Promise<void> {
    try {
      kept.value = await lab.request('lab.configure', change)
    } catch (error) {
      complain(error)
    }
  }
  watch(session, (opened) => opened > 0 && void configure({}), { immediate: true })

  /** What the page keeps by itself. */
  const ofPage = { theme: choice } as const
  const valueOf = ({ name }: NamedSetting): unknown =>
    isFolderSetting(name) ? kept.value?.[name] : ofPage[name as keyof typeof ofPage].value
  function change({ name }: NamedSetting, value: unknown): void {
    if (isFolderSetting(name)) void configure({ [name]: value })
    else ofPage[name as keyof typeof ofPage].value = value as typeof choice.value
  }
  /** The settings of each part of the page; those of the data folder when it has told them. */
  const shown = (section: NamedSetting['section']): readonly NamedSetting[] =>
    labSettings.filter((setting) => setting.section === section && (setting.kept === 'page' || kept.value !== null))
  return { shown, valueOf, change }
}
