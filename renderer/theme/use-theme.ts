import { usePreferredDark, useStorage } from '@vueuse/core'
import type { z } from 'zod'
import { theme } from '../../shared/lab-settings/window'
import { computed, readonly, shallowRef, watch } from 'vue'
import type { CanvasTokens } from './canvas-tokens'
import { readTokens } from './read-tokens'

export type ThemeChoice = z.output<typeof theme.schema>

/** What is kept and no theme counts as none. */
const choice = useStorage<ThemeChoice>('normlab.theme', theme.schema.parse(undefined), undefined, {
  serializer: { read: (kept) => theme.schema.catch('system').parse(kept), write: String },
})
const prefersDark = usePreferredDark()
const dark = computed(() => (choice.value === 'system' ? prefersDark.value : choice.value === 'dark'))
const tokens = shallowRef<CanvasTokens>(readTokens(dark.value))

watch(dark, (isDark) => (tokens.value = readTokens(isDark)))

/** Light or dark, as the system has it or as the reader chose; one for the whole page. */
export function useTheme() {
  return { choice, dark: readonly(dark), tokens: readonly(tokens) as Readonly<typeof tokens> }
}

/** The light theme's tokens, for files on white paper, whatever the page wears. */
export function paperTokens(): CanvasTokens {
  try {
    return readTokens(false)
  } finally {
    document.documentElement.dataset['theme'] = dark.value ? 'dark' : 'light'
  }
}
