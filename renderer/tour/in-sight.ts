/**
 * Brings what a step of the tour is about into sight once it is on the page, which it may not be yet: it comes with its data, and may lie below the page's edge.
 *
 * @returns what ends the waiting.
 */
export function bringIntoSight(at: string): () => void {
  const find = (): boolean => {
    const found = document.querySelector(`[data-tour='${at}']`)
    found?.scrollIntoView({ block: 'nearest' })
    return found !== null
  }
  if (find()) return () => undefined
  const observer = new MutationObserver(() => {
    if (find()) observer.disconnect()
  })
  observer.observe(document.body, { childList: true, subtree: true })
  return () => observer.disconnect()
}
