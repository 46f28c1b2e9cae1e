/** Forms of new runs that were left half filled, by their addresses; they last as long as the window. */
const drafts = new Map<string, string>()

export function keepDraft(address: string, contents: string): void {
  drafts.set(address, contents)
}
export function takeDraft(address: string): string | null {
  return drafts.get(address) ?? null
}
export function dropDraft(address: string): void {
  drafts.delete(address)
}
