import { readonly, ref } from 'vue'
import { isUserError } from '../../shared/errors'

/** What a reader can do about a message, once. */
export interface NoticeAction {
  readonly label: string
  perform(): unknown
}

export interface Notice {
  readonly id: number
  readonly text: string
  readonly tone: 'plain' | 'problem'
  readonly action?: NoticeAction
}

const notices = ref<Notice[]>([])
/** The one under the pointer, or with the focus. */
const held = ref<number | null>(null)
let next = 1
/** The oldest go; behind the newest they are a list that is asked for. */
const MOST = 20

/** Short messages in the row of the status line; problems stay until they are closed, or the page is left. */
export function useNotices() {
  return { notices: readonly(notices), held, say, sayDuring, complain, dismiss, leaveProblems }
}

/** @param action A button beside the words; they stay longer then. */
function say(text: string, action?: NoticeAction): void {
  const id = add(text, 'plain', action)
  leaveLater(id, action ? 15_000 : 6000)
}

/** A message that stays while something is done. */
async function sayDuring<T>(text: string, work: () => Promise<T>): Promise<T> {
  const id = add(text, 'plain')
  try {
    return await work()
  } finally {
    dismiss(id)
  }
}

/** A message that is being read, or whose button is about to be pressed, stays. */
function leaveLater(id: number, ms: number): void {
  setTimeout(() => (held.value === id ? leaveLater(id, 3000) : dismiss(id)), ms)
}

function complain(error: unknown): void {
  add(sentenceOf(error), 'problem')
}

/** The same words are not said twice, unless each has something of its own to do. */
function add(text: string, tone: Notice['tone'], action?: NoticeAction): number {
  const id = next++
  const others = notices.value.filter((notice) => notice.text !== text || notice.action !== undefined)
  notices.value = [...others, { id, text, tone, ...(action && { action }) }].slice(-MOST)
  return id
}

/** What went wrong on one page is not told on the next. */
function leaveProblems(): void {
  notices.value = notices.value.filter(({ tone }) => tone !== 'problem')
}

function dismiss(id: number): void {
  // What is gone from the page tells no more that the pointer or the focus has left it.
  if (held.value === id) held.value = null
  notices.value = notices.value.filter((notice) => notice.id !== id)
}

/** An error as a sentence for the reader; a bug's own words go to the console. */
export function sentenceOf(error: unknown): string {
  if (isUserError(error)) return capital(error.message)
  console.error(error)
  return 'Something went wrong inside NormLab; the log has the details. Try it again.'
}

/** With a full stop, and a capital letter unless it begins with a name (`densenet-bc:blocks=3: …`). */
export function capital(text: string): string {
  const first = /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() : text.charAt(0)
  return first + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.')
}
