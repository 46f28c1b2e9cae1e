import { computed, onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { convertTo, type Form, formOf, FORMS } from '../../../shared/architecture/convert'
import type { NetworkDocument } from '../../../shared/architecture/document'
import { isUserError } from '../../../shared/errors'

/** Trying a form of a thousand layers takes some 30 ms: longer than an edit may, so the hand must have rested so long, milliseconds. */
const REST_MS = 400

/** The form that a network has, and why it cannot have the others: null where it can, undefined while that is not known. */
export function useForms(document: Readonly<Ref<NetworkDocument>>) {
  const tried = shallowRef<ReadonlyMap<Form, string | null>>(new Map())
  let timer: ReturnType<typeof setTimeout> | undefined

  /** One form a turn, so that keys and pointer come in between. */
  function attempt(of: NetworkDocument, forms: readonly Form[], problems: ReadonlyMap<Form, string | null>): void {
    const [form, ...others] = forms
    if (form === undefined) tried.value = problems
    else
      timer = setTimeout(
        () => attempt(of, others, new Map(problems).set(form, problemOf(of, form))),
        problems.size === 0 ? REST_MS : 0,
      )
  }
  watch(
    document,
    (now) => {
      clearTimeout(timer)
      attempt(now, FORMS, new Map())
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return {
    current: computed(() => formOf(document.value)),
    problems: tried as Readonly<typeof tried>,
  }
}

function problemOf(document: NetworkDocument, form: Form): string | null {
  try {
    convertTo(document, form)
    return null
  } catch (error) {
    if (isUserError(error)) return error.message
    throw error
  }
}
