import { nextTick, watch } from 'vue'
import { useRoute } from 'vue-router'

/**
 * Brings what the address asks for into sight, with the focus on it: `?show=threads` that setting's field, `?show=about` that card.
 *
 * @param isThere Whether the fields are on the page yet.
 */
export function useShown(isThere: () => boolean): void {
  const route = useRoute()
  watch(
    [() => route.query['show'], isThere],
    async ([name, is]) => {
      if (typeof name !== 'string' || !is) return
      await nextTick()
      const element = document
        .querySelector(`[data-shown="${CSS.escape(name)}"]`)
        ?.querySelector<HTMLElement>('input, select, [aria-pressed="true"], h2')
      element?.scrollIntoView({ block: 'center' })
      element?.focus()
    },
    { immediate: true },
  )
}
