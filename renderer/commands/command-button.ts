import { shallowRef, type Directive, type ShallowRef } from 'vue'
import type { CommandId } from '../../shared/commands'
import { bindHand } from './use-commands'

interface Bound {
  readonly canPress: ShallowRef<boolean>
  readonly leave: () => void
}
const bounds = new WeakMap<HTMLElement, Bound>()
const canPress = (element: HTMLElement): boolean => !element.matches(':disabled, [aria-disabled="true"]')

/** Does what a hand does with it: presses it, or goes there to write or to choose. */
export function useControl(element: HTMLElement): void {
  // What lies in a menu that is shut has no place to show the focus.
  if (element.matches('input:not([type=checkbox], [type=radio]), select, textarea')) element.focus()
  else element.click()
}

/**
 * `v-command="'dataset.verify'"`: this button, link or field is the hand of the command, as long as it is on the page and not disabled. What is done is said once, by the button.
 * A button whose command has a hand by itself says `data-command` alone.
 */
export const vCommand: Directive<HTMLElement, CommandId> = {
  mounted(element, { value }) {
    const can = shallowRef(canPress(element))
    const leave = bindHand(value, { perform: () => useControl(element), isEnabled: () => can.value })
    bounds.set(element, { canPress: can, leave })
    element.dataset['command'] = value
  },
  updated(element) {
    const bound = bounds.get(element)
    if (bound) bound.canPress.value = canPress(element)
  },
  unmounted(element) {
    bounds.get(element)?.leave()
    bounds.delete(element)
  },
}
