import { differingSettings, type WithSettings } from './differing-settings'
import { settingAt } from './settings'
import { fieldOf } from './settings/field'
import type { GroupName } from './settings/groups'
import type { SettingValue } from './settings-text'
import { toldSetting } from './told-setting'

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
/** Settings that a default name tells. */
const MOST_NAMED_SETTINGS = 4
/** Runs that go by a name among which the nearest is looked for: the newest of them, where there are more. */
const MOST_COMPARED = 200
/** Letters of a name that the store takes. */
export const LONGEST_NAME = 200

/** `#3`: a run's number as every page, legend and table writes it. */
export function runNumber(id: number): string {
  return `#${id}`
}

/** `#3 proc-resnet-31`: one run in a sentence, a title or a menu. */
export function runTitle({ id, name }: Pick<Labelled, 'id' | 'name'>, room = NAME_ROOM): string {
  const told = plainText(name, room)
  return told === '' ? runNumber(id) : `${runNumber(id)} ${told}`
}

/** Runs that a sentence names before it counts the others. */
const MOST_NAMED = 4

/** `#3 plain, #4 wide and 12 more`: which runs a sentence is about. */
export function runTitles(runs: readonly Pick<Labelled, 'id' | 'name'>[], most = MOST_NAMED): string {
  const told = runs.slice(0, runs.length === most + 1 ? runs.length : most).map((run) => runTitle(run))
  const left = runs.length - told.length
  if (left > 0) return `${told.join(', ')} and ${left} more`
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} and ${told[told.length - 1]}`
}

/**
 * A text for each run that no other has: number and name, and where names are alike but for a count the settings that differ between those
 * runs, `#3 proc-resnet-31 · seed 2`. Names are cut and written on one line.
 *
 * @param room Letters of a name that there is room for; a file has room for all.
 */
export function labelsOf(runs: readonly Labelled[], room = NAME_ROOM): Map<number, string> {
  const byName = new Map<string, Labelled[]>()
  for (const run of runs) {
    // A count tells nothing: `resnet` and `resnet (2)` are as alike as two of one name.
    const name = plainText(run.name.replace(/ \(\d+\)$/, ''), room)
    const alike = byName.get(name)
    if (alike) alike.push(run)
    else byName.set(name, [run])
  }
  const labels = new Map<number, string>()
  for (const alike of byName.values()) {
    const told = toldSettings(alike)
    for (const run of alike) labels.set(run.id, [runTitle(run, room), ...told.map((path) => settingWords(run, path))].join(' · '))
  }
  return labels
}

/**
 * The name of a new run that nobody named: the base's (its network's, or that of the run that it is made after), with the settings that
 * tell it from the nearest run so called, and those that are neither as usual nor as the first such run's, what matters most first:
 * `resnet-20 · rate 0.05 · seed 2`; where nothing tells it apart, with a count, `resnet-20 (2)`.
 */
export function defaultName(base: string, settings: WithSettings['settings'], others: readonly Labelled[]): string {
  const byName = new Map(others.map((run) => [run.name, run]))
  const root = rootOf(base, byName)
  const alike = others.filter(({ name }) => name === root || name.startsWith(`${root} `)).sort((a, b) => a.id - b.id)
  const first = alike.find(({ name }) => name === root)
  if (!first) return root
  // What an earlier run has and this one lacks says little: the others tell it.
  const untold = (from: WithSettings): string[] =>
    differingSettings([{ settings }, from]).filter((path) => settings[path] !== undefined)
  const compared = [first, ...alike.slice(-MOST_COMPARED)]
  const distances = compared.map((run) => differingSettings([{ settings }, run]).length)
  const nearest = untold(compared[distances.indexOf(Math.min(...distances))]!)
  const own = untold(first).filter((path) => !isUsual(path, settings[path]!))
  let told = byImportance([...nearest, ...own]).slice(0, MOST_NAMED_SETTINGS)
  // What parts it from the nearest run has a place among them.
  if (nearest.length > 0 && !told.some((path) => nearest.includes(path))) told = [...told.slice(0, -1), byImportance(nearest)[0]!]
  for (;;) {
    const name = [root, ...told.map((path) => settingWords({ settings }, path))].join(' · ').slice(0, LONGEST_NAME)
    const taken = byName.get(name)
    if (!taken) return name
    const more = byImportance(untold(taken)).find((path) => !told.includes(path))
    if (more === undefined || name.length === LONGEST_NAME) return freeName(name, new Set(byName.keys()))
    told = byImportance([...told, more])
  }
}

/** The name itself where no other run has it, else with the first count that none has: `resnet-20 (2)`. */
export function freeName(name: string, names: ReadonlySet<string>): string {
  if (!names.has(name)) return name
  for (let count = 2; ; count++) {
    const ending = ` (${count})`
    const counted = name.slice(0, LONGEST_NAME - ending.length) + ending
    if (!names.has(counted)) return counted
  }
}

/** The name without what an earlier `defaultName` added to it. */
function rootOf(name: string, names: { has(name: string): boolean }): string {
  const root = name.replace(/( · .*)?( \(\d+\))?$/, '')
  return root !== '' && names.has(root) ? root : name
}

/** Runs of which the settings that part them are looked for; in more, these speak for all. */
const MOST_PARTED = 200

/** Groups of settings by how much they say of a run; the seed, the batch and the data have their places among them. */
const IMPORTANCE: readonly (GroupName | 'rate' | 'seed' | 'batch')[] = [
  ...(['repairs', 'rate', 'optimiser', 'schedule', 'start', 'seed', 'batch', 'data', 'length'] as const),
  ...(['regularisation', 'images', 'machine', 'measures', 'checkpoints'] as const),
]

/** Without repeats, the network's words first, then what says most of a run. */
function byImportance(paths: readonly string[]): string[] {
  const placeOf = (path: string): number => {
    if (path === 'preset') return -1
    const own = shortName(path)
    const place = IMPORTANCE.indexOf(own as (typeof IMPORTANCE)[number])
    if (place >= 0) return place
    const group = settingAt(path)?.group
    return group === undefined ? IMPORTANCE.length : IMPORTANCE.indexOf(group)
  }
  return [...new Set(paths)].sort((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
}

/** Whether a setting is as it is where nobody gives it. */
function isUsual(path: string, value: SettingValue): boolean {
  const declared = settingAt(path)
  if (!declared) return false
  const usual = fieldOf(declared).default
  return value === (Array.isArray(usual) ? JSON.stringify(usual) : usual)
}

/**
 * Paths of the few settings that are told of runs: of those that differ the ones that part the most runs from each other, of equals
 * what matters more. The seed, which most often differs, is last.
 */
function toldSettings(runs: readonly WithSettings[]): string[] {
  const differing = byImportance(differingSettings(runs)).sort((a, b) => Number(a === 'seed') - Number(b === 'seed'))
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

/** A file's SHA-256: eight of its digits tell it from others. */
const HASH = /^([0-9a-f]{8})[0-9a-f]{56}$/

function settingWords({ settings }: WithSettings, path: string): string {
  const text = plainText(toldSetting({ settings }, path).replace(HASH, '$1'), VALUE_ROOM)
  return path === 'preset' ? text : `${spokenName(path)} ${text}`
}

/** The last words of a path that say too little alone, in words. */
const IN_WORDS: Readonly<Record<string, string>> = {
  'data.name': 'data',
  'data.trainSplit': 'trained on',
  'data.testSplit': 'tested on',
  'data.train': 'training images',
  'data.test': 'test images',
}

/** `rate`, `checkpoint.every`; the layers that a repair takes go by the repair's own name, `projection`. */
export function shortName(path: string): string {
  return path.replace(/^(training|data)\./, '').replace(/\.layers$/, '')
}

/** The same for people: `checkpoint every`, `test images`. */
const spokenName = (path: string): string => IN_WORDS[path] ?? shortName(path).replace(/\./g, ' ')

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
