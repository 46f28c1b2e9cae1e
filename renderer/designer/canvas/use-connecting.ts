import type { Connection } from '@vue-flow/core'
import { shallowRef } from 'vue'
import type { Designer } from '../designer'
import { type Target, targetsOf } from '../edit'
import { endOf } from './drawing'

/** While a connection is drawn from an output: where it may go. */
export function useConnecting(designer: Designer) {
  const targets = shallowRef<{ level: string; found: readonly Target[] } | null>(null)

  function start(nodeId: string, handleType: 'source' | 'target' | null): void {
    if (handleType !== 'source') return
    const { level, reference } = endOf(nodeId)
    targets.value = { level, found: targetsOf(designer.document.value, level, reference, designer.check.value) }
  }

  function isValid({ target }: Connection): boolean {
    const now = targets.value
    const { level, reference } = endOf(target)
    return now !== null && level === now.level && now.found.some(({ id }) => id === reference)
  }
  return { targets, start, isValid, end: () => (targets.value = null) }
}
