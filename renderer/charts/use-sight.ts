import { onBeforeUnmount } from 'vue'

/** Whether an element is in view: what nobody sees need not be drawn. `onSeen` is called when it comes into view. */
export function useSight(onSeen: () => void) {
  // The observer's first word comes within a frame.
  let isSeen = false
  let observer: IntersectionObserver | null = null
  onBeforeUnmount(() => observer?.disconnect())
  return {
    seen: () => isSeen,
    watchSight(element: Element): void {
      observer = new IntersectionObserver((entries) => {
        const now = entries[entries.length - 1]!.isIntersecting
        const comes = now && !isSeen
        isSeen = now
        if (comes) onSeen()
      })
      observer.observe(element)
    },
  }
}
