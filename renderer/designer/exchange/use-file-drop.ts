import { onScopeDispose, shallowRef } from 'vue'

/** Files that are dropped anywhere in the window while the page lives. */
export function useFileDrop(onFiles: (files: readonly File[]) => void) {
  const isOver = shallowRef(false)
  // Entering a child comes before leaving its parent, so they are counted.
  let inside = 0
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
  const listeners: Readonly<Record<string, (event: DragEvent) => void>> = {
    dragenter(event) {
      if (!hasFiles(event)) return
      inside++
      isOver.value = true
    },
    dragleave(event) {
      if (!hasFiles(event)) return
      inside = Math.max(0, inside - 1)
      isOver.value = inside > 0
    },
    // Without this the browser opens the file instead of the page.
    dragover(event) {
      if (hasFiles(event)) event.preventDefault()
    },
    drop(event) {
      if (!hasFiles(event)) return
      event.preventDefault()
      inside = 0
      isOver.value = false
      onFiles([...(event.dataTransfer?.files ?? [])])
    },
  }
  for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener)
  onScopeDispose(() => {
    for (const [name, listener] of Object.entries(listeners)) window.removeEventListener(name, listener as EventListener)
  })
  return isOver
}
