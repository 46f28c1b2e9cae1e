/** Does each thing in its turn, whatever becomes of those before. @throws what went wrong first, after all of them. */
export async function inTurn(things: readonly (() => unknown)[]): Promise<void> {
  const faults: unknown[] = []
  for (const thing of things) {
    try {
      await thing()
    } catch (error) {
      faults.push(error)
    }
  }
  if (faults.length > 0) throw faults[0]
}
