import { type Match, fuzzyMatch, plainLetters } from './fuzzy'

/** Something that the palette finds. */
export interface Entry {
  /** `run:17`, `command:run.pause`; what is remembered of it. */
  readonly id: string
  readonly section: string
  readonly label: string
  /** What stands behind it in small type. */
  readonly detail?: string
  /** Other words under which it is found. */
  readonly keywords?: string
  readonly keys?: readonly string[]
  perform(): unknown
}

export interface Found {
  readonly entry: Entry
  /** Letters of the label that were found. */
  readonly at: readonly number[]
}

export interface FoundSection {
  readonly section: string
  readonly found: readonly Found[]
}

/** What is listed at most: more cannot be looked through, and another letter finds it. */
const MOST = 60
/** Of a section, while nothing is typed. */
const MOST_UNTYPED = 8
const RECENT = 'Recent'

/**
 * What is shown for what was typed: sections by their best entry, in each the best first, and of equal ones what was taken recently. With nothing typed the recent ones stand
 * first, then the beginning of each section.
 *
 * @param recent Ids of entries, the latest first.
 */
export function ranked(entries: readonly Entry[], query: string, recent: readonly string[]): FoundSection[] {
  return query.trim() === '' ? untyped(entries, recent) : typed(entries, query, recent)
}

function untyped(entries: readonly Entry[], recent: readonly string[]): FoundSection[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  const lately = recent.flatMap((id) => byId.get(id) ?? []).slice(0, MOST_UNTYPED)
  const sections = new Map<string, Entry[]>(lately.length > 0 ? [[RECENT, lately]] : [])
  const shown = new Set(lately)
  for (const entry of entries) {
    const list = sections.get(entry.section) ?? []
    if (list.length < MOST_UNTYPED && !shown.has(entry)) sections.set(entry.section, [...list, entry])
  }
  return [...sections].map(([section, list]) => ({ section, found: list.map((entry) => ({ entry, at: [] })) }))
}

function typed(entries: readonly Entry[], query: string, recent: readonly string[]): FoundSection[] {
  const age = new Map(recent.map((id, index) => [id, index]))
  const bonus = (id: string): number => Math.max(0, 10 - (age.get(id) ?? 10))
  const found = entries
    .flatMap((entry) => {
      const match = matchOf(entry, query)
      return match ? [{ entry, at: match.at, score: match.score + bonus(entry.id) }] : []
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST)
  const sections = new Map<string, Found[]>()
  for (const one of found) sections.set(one.entry.section, [...(sections.get(one.entry.section) ?? []), one])
  return [...sections].map(([section, list]) => ({ section, found: list }))
}

/** By its label; or with its other words, which count less. */
function matchOf({ label, detail = '', keywords = '', section }: Entry, query: string): Match | null {
  const own = plainLetters(label)
  const direct = fuzzyMatch(query, own)
  if (direct) return { ...direct, score: direct.score + 10 }
  const wide = fuzzyMatch(query, plainLetters(`${label} ${detail} ${keywords} ${section}`), false)
  return wide && { score: wide.score * 0.6, at: wide.at.filter((at) => at < own.length) }
}
