const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the disk is read-only',
  EISDIR: 'this is a folder',
  ENOTDIR: 'a part of this path is not a folder',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'it is too large for this disk',
  EIO: 'the disk reports an error',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links lead in a circle',
  EEXIST: 'something else has this name',
  EBUSY: 'another program holds it',
  EMFILE: 'too many files are open',
  ENXIO: 'nothing is there that could take it',
  EPIPE: 'nobody reads it any more',
  ENOTEMPTY: 'the folder is not empty',
}

/** Whether the system reported it, and not our own code. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && typeof (error as NodeJS.ErrnoException).code === 'string'
}

/** A system error's code as a clause: `the disk is full`. */
export function reasonOf({ code = 'for no reason that the system tells' }: Pick<NodeJS.ErrnoException, 'code'>): string {
  return REASONS[code] ?? code
}

/** The same of whatever was thrown while the system was asked for something. */
export function reasonOfAny(error: unknown): string {
  return isSystemError(error) ? reasonOf(error) : String(error)
}

/** Letters of another program's message that are told. */
const LONGEST_CLAUSE = 120

/** A library's own message as a clause in ours: its first sentence on its first line, cut, where it is long, at a word's end. */
export function clauseOf(error: unknown): string {
  const { message = String(error) } = error as Partial<Error>
  const [line = ''] = message.split('\n')
  const sentence = (/^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line).replace(/[.!?\s]+$/, '')
  if (sentence.length <= LONGEST_CLAUSE) return sentence
  const cut = sentence.slice(0, LONGEST_CLAUSE)
  return `${cut.replace(/\s+\S*$/, '')} …`
}
