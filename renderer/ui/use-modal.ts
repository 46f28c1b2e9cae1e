import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/**
 * A dialog that is open while its component is there. Afterwards the focus is where it was before, which a dialog that is only removed would
 * lose.
 *
 * @param first A selector of what has the focus at first; where absent the first that can have it.
 */
export function useModal(dialog: Readonly<Ref<HTMLDialogElement | null>>, first?: string): void {
  onMounted(() => {
    dialog.value?.showModal()
    if (first !== undefined) dialog.value?.querySelector<HTMLElement>(first)?.focus()
  })
  onBeforeUnmount(() => dialog.value?.close())
}
