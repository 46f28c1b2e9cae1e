import { computed } from 'vue'
import { ratioColour } from '../../charts/ratio-scale'
import { useTheme } from '../../theme/use-theme'
import type { Designer } from '../designer'
import { join } from '../edit'
import { pathOfUnit } from '../panels/unit-path'
import type { UnitRatio } from './canvas-context'

const NONE: readonly UnitRatio[] = []

/** The measured ratios by the node that they belong to, and their colours. */
export function useCanvasColours(designer: Designer) {
  const { tokens } = useTheme()
  const byPath = computed(() => {
    const found = new Map<string, UnitRatio[]>()
    const nodes = designer.document.value.nodes
    for (const [name, ratio] of designer.initial.value.ratios) {
      const path = pathOfUnit(nodes, name)
      if (path === null) continue
      // A unit's ratio is shown on all that it lies in as well.
      for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
        const list = found.get(at)
        if (list) list.push({ name, ratio })
        else found.set(at, [{ name, ratio }])
      }
    }
    return found
  })
  return {
    ratiosOf: (path: string): readonly UnitRatio[] => byPath.value.get(path) ?? NONE,
    colourOf: (ratio: number): string => ratioColour(ratio, designer.ratioRange.value, tokens.value.ratios),
    /** Channels of what leaves a drawn node, or of what enters a block; null where that is not known. */
    channelsOf(source: string | null, level: string): number | null {
      const nodes = designer.check.value.nodes
      const entering = source?.includes('>') ? nodes.get(level)?.inputs[0] : undefined
      const shape =
        entering ?? (source === null ? undefined : (nodes.get(source)?.output ?? nodes.get(join(level, source))?.output))
      return shape && shape.length > 0 ? shape[shape.length - 1]! : null
    },
  }
}
