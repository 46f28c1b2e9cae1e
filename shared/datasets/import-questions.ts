import type { ImportChoices, ImportQuestion } from './import-choices'

/** What a person may be asked of a source, for forms: the label, a sentence, and the words of its choices; the first is what holds where nothing is chosen. */
export interface QuestionWords {
  readonly label: string
  readonly says: string
  /** By the choice's value as text; the empty one is “as its files say”. */
  readonly choices: Readonly<Record<string, string>>
}

export const IMPORT_QUESTIONS: Readonly<Record<ImportQuestion, QuestionWords>> = {
  labels: {
    label: 'Labels',
    says: 'CIFAR-100 has 100 classes (fine) and their 20 groups (coarse)',
    choices: { '': 'As found', fine: 'Fine', coarse: 'Coarse' },
  },
  transpose: {
    label: 'Turn rows and columns',
    says: 'EMNIST stores its images column by column',
    choices: { '': 'As its name says', true: 'Stored column by column', false: 'Stored row by row' },
  },
  layout: {
    label: 'Channels',
    says: 'Where the channels are in arrays of images',
    choices: { '': 'As the shape says', nhwc: 'Last (N×H×W×C)', nchw: 'Before the rows (N×C×H×W)' },
  },
  scale: {
    label: 'White is',
    says: 'What the greatest value means in arrays of fractions',
    choices: { '': 'As the values say', '1': '1', '255': '255' },
  },
  order: {
    label: 'Order of the classes',
    says: 'By code points, as PyTorch numbers them, or 2 before 10',
    choices: { '': 'By code points', natural: 'Natural, 2 before 10' },
  },
  keepEmpty: {
    label: 'Folders without pictures',
    says: 'Whether a class without images stays a class',
    choices: { '': 'Left out', true: 'Kept as classes' },
  },
  channels: {
    label: 'Colour',
    says: 'What all pictures become',
    choices: { '': 'As the first pictures', '1': 'Grey', '3': 'Colour' },
  },
  otherSizes: {
    label: 'Pictures of other sizes',
    says: 'What becomes of pictures that have not the size of the first',
    choices: { '': 'End the import', 'leave-out': 'Left out and named' },
  },
}

/** Where a person says it: the form's words, and behind them in brackets the option of the command line, which pages leave out. */
export function chooseBy(question: ImportQuestion, among?: readonly string[]): string {
  const { label, choices } = IMPORT_QUESTIONS[question]
  const values = among ?? Object.keys(choices).filter((value) => value !== '')
  const option = question.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return `say under “${label}”: ${values.map((value) => choices[value]!).join(' or ')} (--${option} ${values.join(' or ')})`
}

/** A sentence of the lab's for pages, which have no command line. */
export function withoutOptions(sentence: string): string {
  return sentence.replace(/ \(--[^)]*\)/g, '')
}

/** A choice of such a form as the lab takes it; an empty text leaves it open. */
export function choiceOf(question: ImportQuestion, text: string): Partial<ImportChoices> {
  if (text === '') return {}
  const value = text === 'true' ? true : text === 'false' ? false : question === 'channels' ? Number(text) : text
  return { [question]: value } as Partial<ImportChoices>
}
