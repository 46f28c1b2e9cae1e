/** A guard of docs/security.md: how it is undone, and which test fails then. */
export interface Guard {
  /** What it keeps, in few words. */
  readonly name: string
  /** Its place, from the root. */
  readonly file: string
  /** A text that stands once in the file, and what it is without the guard. Several where one guard stands behind another. */
  readonly undone: readonly (readonly [text: string, without: string])[]
  /** The test file, the test's name or how it begins, and the case where it has several. */
  readonly test: readonly [file: string, name: string, of?: string]
}

/** The suite of a test, which is its folder. */
export const suiteOf = ({ test: [file] }: Guard): string => file.split('/')[1]!

/** The file's text without the guard. @throws Error where it does not stand there once. */
export function withoutGuard({ name, file, undone }: Guard, text: string): string {
  return undone.reduce((whole, [part, without]) => {
    const found = whole.split(part).length - 1
    if (found !== 1) throw new Error(`${name}: ${JSON.stringify(part)} stands ${found} times in ${file}`)
    return whole.replace(part, () => without)
  }, text)
}
