import type { DocumentDifference } from '../../../shared/architecture/difference'

/** A line of a difference as it is shown: a sign, what it means, and the sentence. */
export interface DifferenceLine {
  readonly sign: '+' | '−' | '~' | '→'
  readonly word: 'added' | 'removed' | 'changed' | 'moved' | 'renamed'
  readonly text: string
}
/** What differs within one block; the network itself has the empty path. */
export interface DifferenceGroup {
  readonly path: string
  readonly lines: readonly DifferenceLine[]
}

const SIGNS = { added: '+', removed: '−', changed: '~', moved: '→', renamed: '→' } as const
const blockOf = (path: string): string => path.split('/').slice(0, -1).join('/')

/** The lines of a difference by the block in which they lie, blocks and lines in their order. */
export function differenceGroups(differences: readonly DocumentDifference[]): DifferenceGroup[] {
  const groups = new Map<string, DifferenceLine[]>()
  for (const { kind, path, from, text } of differences) {
    const block = blockOf(path)
    const word = kind === 'moved' && from !== undefined && blockOf(from) === block ? 'renamed' : kind
    const lines = groups.get(block) ?? []
    groups.set(block, [...lines, { sign: SIGNS[word], word, text }])
  }
  return [...groups].map(([path, lines]) => ({ path, lines }))
}

/** `2 changed, 1 added`; the words of all lines, counted. */
export function differenceCounts(groups: readonly DifferenceGroup[]): string {
  const lines = groups.flatMap((group) => group.lines)
  return (['added', 'removed', 'changed', 'renamed', 'moved'] as const)
    .map((word) => [word, lines.filter((line) => line.word === word).length] as const)
    .filter(([, count]) => count > 0)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ')
}
