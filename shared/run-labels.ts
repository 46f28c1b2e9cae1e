import { differingSettings, type WithSettings } from './differing-settings'

/** What a label is made of. */
export interface Labelled extends WithSettings {
  readonly id: number
  readonly name: string
}

/** Letters of a name, and of a setting's value, that a label has room for. */
const NAME_ROOM = 40
const VALUE_ROOM = 24
/** Settings that a label tells; more are in the table of differences. */
const MOST_SETTINGS = 2
/** Letters of a name that the store takes. */
const LONGEST_NAME = 200

/** `#3`: a run's number as every page, legend and table writes it. */
export function runNumber(id: number): string {
  return `#${id}`
}

/** `#3 proc-resnet-31`: one run in a sentence, a title or a menu. */
export function runTitle({ id, name }: Pick<Labelled, 'id' | 'name'>): string {
  const told = plainText(name, NAME_ROOM)
  return told === '' ? runNumber(id) : `${runNumber(id)} ${told}`
}

/** Runs that a sentence names before it counts the others. */
const MOST_NAMED = 4

/** `#3 plain, #4 wide and 12 more`: which runs a sentence is about. */
export function runTitles(runs: readonly Pick<Labelled, 'id' | 'name'>[], most = MOST_NAMED): string {
  const told = runs.slice(0, runs.length === most + 1 ? runs.length : most).map(runTitle)
  const left = runs.length - told.length
  if (left > 0) return `${told.join(', ')} and ${left} more`
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} and ${told[told.length - 1]}`
}

/**
 * A text for each run that no other has: number and name, and where names are alike the settings that differ between those
 * runs, `#3 proc-resnet-31 · seed 2`. Names are cut and written on one line.
 */
export function labelsOf(runs: readonly Labelled[]): Map<number, string> {
  const byName = new Map<string, Labelled[]>()
  for (const run of runs) {
    const name = plainText(run.name, NAME_ROOM)
    const alike = byName.get(name)
    if (alike) alike.push(run)
    else byName.set(name, [run])
  }
  const labels = new Map<number, string>()
  for (const alike of byName.values()) {
    const told = toldSettings(alike)
    for (const run of alike) labels.set(run.id, [runTitle(run), ...told.map((path) => settingWords(run, path))].join(' · '))
  }
  return labels
}

/**
 * The name of a new run that nobody named: the base's (its network's, or that of the run that it is made after), with the settings that
 * tell it from the first run so called, `resnet-20 · seed 2`; where none does, with a count, `resnet-20 (2)`.
 */
export function defaultName(base: string, settings: WithSettings['settings'], others: readonly Labelled[]): string {
  const names = new Set(others.map(({ name }) => name))
  const root = rootOf(base, names)
  const first = others.filter(({ name }) => name === root).sort((a, b) => a.id - b.id)[0]
  if (!first) return root
  // What the first has and this one lacks says little: the others tell it.
  const words = toldSettings([{ settings }, first])
    .filter((path) => settings[path] !== undefined)
    .map((path) => settingWords({ settings }, path))
  const name = [root, ...words].join(' · ').slice(0, LONGEST_NAME)
  if (!names.has(name)) return name
  for (let count = 2; ; count++) {
    const ending = ` (${count})`
    const counted = name.slice(0, LONGEST_NAME - ending.length) + ending
    if (!names.has(counted)) return counted
  }
}

/** The name without what an earlier `defaultName` added to it. */
function rootOf(name: string, names: ReadonlySet<string>): string {
  const root = name.replace(/( · .*)?( \(\d+\))?$/, '')
  return root !== '' && names.has(root) ? root : name
}

/** Runs of which the settings that part them are looked for; in more, these speak for all. */
const MOST_PARTED = 200

/**
 * Paths of the few settings that are told of runs: of those that differ the ones that part the most runs from each other. The
 * network's words come first, for they say more than a path; the seed, which most often differs, last.
 */
function toldSettings(runs: readonly WithSettings[]): string[] {
  const differing = differingSettings(runs).sort((a, b) => Number(a === 'seed') - Number(b === 'seed'))
  const some = runs.slice(0, MOST_PARTED)
  const parted = (paths: readonly string[]): number =>
    new Set(some.map(({ settings }) => JSON.stringify(paths.map((path) => settings[path] ?? null)))).size
  const told: string[] = []
  while (told.length < MOST_SETTINGS && told.length < differing.length) {
    const left = differing.filter((path) => !told.includes(path))
    told.push(left.reduce((best, path) => (parted([...told, path]) > parted([...told, best]) ? path : best)))
  }
  return differing.filter((path) => told.includes(path))
}

function settingWords({ settings }: WithSettings, path: string): string {
  const value = settings[path]
  const text = value === undefined ? '–' : plainText(String(value), VALUE_ROOM)
  return path === 'preset' ? text : `${shortName(path)} ${text}`
}

/** `rate`, `checkpoint.every`; the layers that a repair takes go by the repair's own name, `projection`. */
export function shortName(path: string): string {
  return path.replace(/^(training|data)\./, '').replace(/\.layers$/, '')
}

/**
 * A text on one line, without what steers a terminal or turns the words beside it around, cut to so many letters. Text that is
 * written from the right keeps its own direction and leaves its neighbours theirs.
 */
export function plainText(text: string, room = Infinity): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  const letters = line.length > room ? Array.from(line) : []
  const cut =
    letters.length > room
      ? `${letters
          .slice(0, room - 1)
          .join('')
          .trimEnd()}…`
      : line
  return TURNS.test(cut) ? `\u2068${cut}\u2069` : cut
}

/** Letters at a name's end that stay where it is cut in its middle. */
export const NAME_TAIL = 12

/** A name on one line, cut in its middle to so many letters: what tells names apart most often ends them. */
export function plainName(name: string, room: number): string {
  const line = plainText(name)
  const letters = Array.from(line)
  if (letters.length <= room || turnsDirection(line)) return plainText(name, room)
  return `${letters.slice(0, room - NAME_TAIL - 1).join('')}…${letters.slice(-NAME_TAIL).join('')}`
}

/** Cut in two, such a text would be read in the wrong order. */
export function turnsDirection(text: string): boolean {
  return TURNS.test(text)
}

/** Letters written from the right, and the marks that turn directions. */
const TURNS =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
