const BY_HAND = ['wheel', 'pointerdown', 'keydown', 'touchstart'] as const

/**
 * Brings what a step of the tour is about into sight and keeps it there while the page fills, since it comes with its data and what stands above it may come later. Whoever
 * scrolls, presses or types is let alone from then on.
 *
 * @returns what ends it.
 */
export function bringIntoSight(at: string): () => void {
  const bring = (): void => document.querySelector(`[data-tour='${at}']`)?.scrollIntoView({ block: 'nearest' })
  let frame = 0
  // Charts that are drawn change hundreds of elements at once: one look a frame, and none while the page is not shown.
  const soon = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0
      bring()
    })
  }
  const observer = new MutationObserver(soon)
  const end = (): void => {
    observer.disconnect()
    cancelAnimationFrame(frame)
    for (const name of BY_HAND) removeEventListener(name, end, true)
  }
  for (const name of BY_HAND) addEventListener(name, end, true)
  observer.observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ['style', 'class'] })
  bring()
  return end
}
