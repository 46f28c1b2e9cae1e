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

/** `#3`: a run's number as every page, legend and table writes it. */
export function runNumber(id: number): string {
  return `#${id}`
}

/** `#3 proc-resnet-31`: one run in a sentence, a title or a menu. */
export function runTitle({ id, name }: Pick<Labelled, 'id' | 'name'>): string {
  const told = plainText(name, NAME_ROOM)
  return told === '' ? runNumber(id) : `${runNumber(id)} ${told}`
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
    // A value that names the network says more than its path; the seed is what most often differs, and goes last.
    const differing = differingSettings(alike).sort((a, b) => Number(a === 'seed') - Number(b === 'seed'))
    const told = differing.slice(0, MOST_SETTINGS)
    for (const run of alike) labels.set(run.id, [runTitle(run), ...told.map((path) => settingWords(run, path))].join(' · '))
  }
  return labels
}

function settingWords({ settings }: WithSettings, path: string): string {
  const value = settings[path]
  const text = value === undefined ? '–' : plainText(String(value), VALUE_ROOM)
  return path === 'preset' ? text : `${path.slice(path.lastIndexOf('.') + 1)} ${text}`
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

/** Letters written from the right, and the marks that turn directions. */
const TURNS =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
