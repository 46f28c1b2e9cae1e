/** What the scalars of TensorBoard's files are, by how programs call them. */

/** What a tag's numbers become. */
export type ScalarMeaning =
  | { readonly of: 'step'; readonly field: 'loss' | 'accuracy' | 'rate' | 'ms' | 'gradientNorm' }
  | { readonly of: 'test'; readonly field: 'loss' | 'accuracy' }
  | { readonly of: 'epoch' }
  /** ‖dE/dx‖₂ at the boundary that this unit begins with; `end` at what leaves the last one. As `runs export` writes them. */
  | { readonly of: 'norm'; readonly unit: string }

const TEST =
  /^(val|valid|validation|test|eval|evaluation|dev)(?=$|[/_.\- ])|[/_.\- ](val|valid|validation|test|eval)(?=$|[/_.\- ])/i
/** Longest words first; each is looked for in what is left of a tag without the words for a split. */
const WORDS: readonly (readonly [RegExp, 'loss' | 'accuracy' | 'rate' | 'ms' | 'gradientNorm'])[] = [
  [/^(learning[_\- ]?rate|lr|lr-\w+|rate)$/i, 'rate'],
  [/^(grad(ient)?[_\- ]?norm|gradientnorm)$/i, 'gradientNorm'],
  [/^(step[_\- ]?time[_\- ]?ms|milliseconds|ms)$/i, 'ms'],
  [/^((sparse_)?(categorical_)?accuracy|acc|acc@?1|top[_\- ]?1)$/i, 'accuracy'],
  [/^((cross[_\- ]?entropy|total|main)?[_\- ]?loss)$/i, 'loss'],
]
/** Words around the name that say nothing of what it is. */
const AROUND =
  /^(train|training|epoch|step|batch|perf|optim|optimizer|metrics|scalars?)[/_.\- ]|[/_.\- ](train|training|step|epoch|batch)$/i

/**
 * What a tag means; null for one that has no place in a run.
 *
 * @param isOfTest Whether its file lies in a folder that is called like a test split.
 */
export function meaningOf(tag: string, isOfTest: boolean): ScalarMeaning | null {
  if (tag.startsWith('norm/')) return { of: 'norm', unit: tag.slice('norm/'.length) }
  if (/^epoch$/i.test(tag)) return { of: 'epoch' }
  const own = /^test(Loss|Accuracy)$/.exec(tag)
  if (own) return { of: 'test', field: own[1] === 'Loss' ? 'loss' : 'accuracy' }
  const isTest = isOfTest || TEST.test(tag)
  let word = tag.replace(TEST, '').replace(/^[/_.\- ]+|[/_.\- ]+$/g, '')
  for (let before = ''; before !== word;) {
    before = word
    word = word.replace(AROUND, '')
  }
  const last = word.split('/').pop()!
  const field = WORDS.find(([pattern]) => pattern.test(last))?.[1]
  if (field === undefined) return null
  if (!isTest) return { of: 'step', field }
  return field === 'loss' || field === 'accuracy' ? { of: 'test', field } : null
}

/** Whether a folder's name says that what is in it is of a test. */
export const isTestFolder = (name: string): boolean => /^(val|valid|validation|test|eval|evaluation|dev)$/i.test(name)
