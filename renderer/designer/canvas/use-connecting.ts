import type { Connection } from '@vue-flow/core'
import { shallowRef } from 'vue'
import type { Designer } from '../designer'
import { EXIT, idOf, parentOf, type Target, targetsOf } from '../edit'

/** While a connection is drawn from an output: where it may go. */
export function useConnecting(designer: Designer) {
  const targets = shallowRef<{ level: string; found: readonly Target[] } | null>(null)

  function start(nodeId: string, handleType: 'source' | 'target' | null): void {
    if (handleType !== 'source') return
    const isPort = nodeId.includes('>')
    const level = isPort ? nodeId.slice(0, nodeId.indexOf('>')) : parentOf(nodeId)
    const entering = /in(\d+)$/.exec(nodeId)?.[1]
    const source = isPort ? (entering === '0' ? '$input' : `$input${entering}`) : idOf(nodeId)
    targets.value = { level, found: targetsOf(designer.document.value, level, source, designer.check.value) }
  }

  function isValid({ target }: Connection): boolean {
    const now = targets.value
    if (!now) return false
    const isPort = target.includes('>')
    const level = isPort ? target.slice(0, target.indexOf('>')) : parentOf(target)
    return level === now.level && now.found.some(({ id }) => id === (isPort ? EXIT : idOf(target)))
  }
  return { targets, start, isValid, end: () => (targets.value = null) }
}
