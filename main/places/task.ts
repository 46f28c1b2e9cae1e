/** A text as one word of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`

/** How the cells of a grid lie in its folder, in the words of a shell. */
export const cellFolder = (cell: number | string): string => `cell-${cell}`

/** How NormLab is called there, within the container where one is named. */
export const programOf = ({
  container,
  command,
}: {
  readonly container?: string | undefined
  readonly command: string
}): string => `${container === undefined ? '' : `${container} `}${command}`
