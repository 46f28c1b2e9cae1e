import { readonly, ref } from 'vue'
import { isUserError } from '../../shared/errors'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly tone: 'plain' | 'problem'
}

const notices = ref<Notice[]>([])
let next = 1

/** Short messages at the corner of the window; problems stay until they are closed. */
export function useNotices() {
  return { notices: readonly(notices), say, complain, dismiss }
}

function say(text: string): void {
  add(text, 'plain')
  const id = next - 1
  setTimeout(() => dismiss(id), 6000)
}

function complain(error: unknown): void {
  add(sentenceOf(error), 'problem')
}

function add(text: string, tone: Notice['tone']): void {
  notices.value = [...notices.value.filter((notice) => notice.text !== text), { id: next++, text, tone }].slice(-4)
}

function dismiss(id: number): void {
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
