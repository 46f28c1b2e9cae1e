import { closest } from '../closest'
import { cutText } from '../cut-text'
import { UserError } from '../errors'

/** Data sets that are made by program from a few numbers: `spirals`, `spirals:classes=3,noise=0.1`. The same words make the same bytes. */

/** A number of a made set. */
export interface MadeOption {
  readonly name: string
  readonly label: string
  /** One sentence without its full stop. */
  readonly says: string
  readonly usual: number
  readonly least: number
  readonly most: number
  readonly isWhole: boolean
}

export interface MadeKind<N extends string = string> {
  readonly name: N
  readonly title: string
  /** One or two sentences. */
  readonly description: string
  /** Where it comes from. */
  readonly source: string
  readonly options: readonly MadeOption[]
}

/** A kind with a number for each of its options. */
export interface MadeWords {
  readonly kind: MadeName
  readonly numbers: Readonly<Record<string, number>>
}

const whole = (name: string, label: string, says: string, usual: number, least: number, most: number): MadeOption => ({
  ...{ name, label, says, usual, least, most },
  isWhole: true,
})
const decimal = (name: string, label: string, says: string, usual: number, least: number, most: number): MadeOption => ({
  ...{ name, label, says, usual, least, most },
  isWhole: false,
})
const common = (most: number): readonly MadeOption[] => [
  whole('train', 'Training split', 'how many the training split has', 10_000, 1, most),
  whole('test', 'Test split', 'how many the test split has', 2000, 1, most),
  whole('seed', 'Seed', 'of all that is drawn', 1, 0, 2 ** 31 - 1),
]
/** @param most Of one split: what is drawn in some seconds. */
const kind = <const N extends string>(declared: MadeKind<N>, most = 200_000): MadeKind<N> => ({
  ...declared,
  options: [...declared.options, ...common(most)],
})

/** Numbers of all vectors of a made set at most. */
const MOST_NUMBERS = 10_000_000

/** Every kind. To add one: its declaration, and its file in main/datasets/made. */
export const madeKinds = [
  kind({
    name: 'spirals',
    title: 'Spirals',
    description:
      'Vectors of two features: points on arms that wind around the origin, a class an arm. No straight line parts them.',
    source:
      'After the two spirals of Lang and Witbrock (1988), Proceedings of the Connectionist Models Summer School; drawn by NormLab',
    options: [
      whole('classes', 'Classes', 'arms', 2, 2, 20),
      decimal('turns', 'Turns', 'how often an arm goes around', 2, 0.1, 10),
      decimal('noise', 'Noise', 'deviation of both features; the outer radius is 1', 0.03, 0, 1),
    ],
  }),
  kind({
    name: 'checkerboard',
    title: 'Checkerboard',
    description: 'Vectors of two features: points all over a square board; the colour of the field is the class.',
    source: 'The exclusive-or of Minsky and Papert (1969), Perceptrons, on more fields; drawn by NormLab',
    options: [
      whole('classes', 'Classes', 'colours, which take turns along rows and columns', 2, 2, 20),
      whole('fields', 'Fields', 'fields along a side', 4, 2, 32),
      decimal('noise', 'Noise', 'deviation by which points lie off, whatever the field; the board’s side is 2', 0, 0, 1),
    ],
  }),
  kind({
    name: 'clusters',
    title: 'Clusters',
    description: 'Vectors of as many features as you like: a round cloud of points for each class, about a centre that is drawn.',
    source: 'Drawn by NormLab',
    options: [
      whole('classes', 'Classes', 'clouds', 5, 2, 100),
      whole('features', 'Features', 'numbers of a vector', 2, 1, 256),
      decimal('noise', 'Noise', 'deviation of each feature about the centre; centres lie within −1 … 1', 0.15, 0, 10),
    ],
  }),
  kind(
    {
      name: 'random-labels',
      title: 'Shapes with random labels',
      description:
        'The images of shapes10, with labels that say nothing of them: what a network gets right it has learned by heart.',
      source: 'Zhang et al. (2017), Understanding deep learning requires rethinking generalization; drawn by NormLab',
      options: [decimal('noise', 'Noise', 'chance that a label is drawn anew, each class equally often', 1, 0, 1)],
    },
    20_000,
  ),
] as const

export type MadeName = (typeof madeKinds)[number]['name']

/** Whether a data set's name is a made set's: the name of a kind, with or without numbers. */
export const isMade = (name: string): boolean => madeKinds.some((known) => known.name === name.split(':')[0])

/**
 * `spirals:classes=3,noise=0.1` taken apart.
 *
 * @throws UserError for an unknown option, or a number that is out of its range.
 */
export function parseMade(words: string): MadeWords {
  const [head = '', ...rest] = words.split(':')
  const place = `data set "${cutText(words)}"`
  const found = madeKinds.find(({ name }) => name === head)
  if (!found)
    throw new UserError(`"${cutText(head)}" is no set that is made by program`, {
      place,
      remedy: `there are ${madeKinds.map(({ name }) => name).join(', ')}`,
    })
  const numbers = Object.fromEntries(found.options.map(({ name, usual }) => [name, usual]))
  const given = new Set<string>()
  for (const part of rest.join(':').split(',').filter(Boolean)) {
    const [name = '', text = ''] = part.split('=').map((side) => side.trim())
    const option = found.options.find((one) => one.name === name)
    if (!option) {
      const near = closest(name, found.options.map((one) => one.name)) // prettier-ignore
      throw new UserError(`${head} has no option "${cutText(name)}"`, {
        place,
        remedy: `${near === undefined ? '' : `perhaps ${near}; `}it has ${found.options.map((one) => one.name).join(', ')}`,
      })
    }
    if (given.has(name)) throw new UserError(`"${name}" is given twice`, { place, remedy: 'give it once' })
    given.add(name)
    numbers[name] = readNumber(option, text, place)
  }
  const count = (numbers['train']! + numbers['test']!) * (numbers['features'] ?? 1)
  if (count > MOST_NUMBERS)
    throw new UserError(`its vectors would have ${count} numbers, more than ${MOST_NUMBERS}`, {
      place,
      remedy: 'make train, test or features smaller',
    })
  return { kind: found.name, numbers }
}

function readNumber({ name, least, most, isWhole }: MadeOption, text: string, place: string): number {
  const value = /^\d{1,10}(\.\d{1,9})?$/.test(text) ? Number(text) : NaN
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value
  throw new UserError(`${name}=${cutText(text)} is not ${isWhole ? 'a whole number' : 'a number'} from ${least} to ${most}`, {
    place,
    remedy: `write it like ${name}=${least}`,
  })
}

/** The one name of a made set: its kind, and the numbers that are not the usual ones, in the order of the kind's options. */
export function madeName({ kind: name, numbers }: MadeWords): string {
  const { options } = madeKinds.find((known) => known.name === name)!
  const told = options.filter((option) => numbers[option.name] !== option.usual)
  return told.length === 0
    ? name
    : `${name}:${told.map((option) => `${option.name}=${numberText(numbers[option.name]!)}`).join(',')}`
}

/** Without an exponent, which `readNumber` does not take. */
const numberText = (value: number): string =>
  Math.abs(value) < 1e-6 && value !== 0 ? value.toFixed(9).replace(/0+$/, '') : String(value)
