/** What several files are called together: as the folder that they lie in, or by the words that their names begin with alike. */
export function commonName(paths: readonly string[]): string {
  const [folder = ''] = paths[0]?.split('/') ?? []
  if (paths.every((path) => path.startsWith(`${folder}/`))) return folder
  const names = paths.map((path) => path.split('/')[0]!)
  const words = names.map((name) => name.split(/[^\p{L}\p{N}]+/u))
  const differs = words[0]!.findIndex((word, i) => words.some((other) => other[i] !== word))
  const common = words[0]!.slice(0, differs < 0 ? undefined : differs).join('-')
  return common || `${names[0]!.replace(/\..*$/, '')} and ${names.length - 1} more`
}
