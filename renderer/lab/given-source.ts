import { onScopeDispose } from 'vue'
import type { GivenSource } from '../../shared/run-files'

let listener: ((source: GivenSource) => void) | null = null
let waiting: GivenSource | null = null

/** Tells the page that imports data sets of a source that the window opened; until that page is there, the last one waits. */
export function tellSource(source: GivenSource): void {
  if (listener) listener(source)
  else waiting = source
}

/** Hears of sources that the window opened, while the caller's scope lives. */
export function useGivenSource(onSource: (source: GivenSource) => void): void {
  listener = onSource
  if (waiting) onSource(waiting)
  waiting = null
  onScopeDispose(() => {
    if (listener === onSource) listener = null
  })
}
