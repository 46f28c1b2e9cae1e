import os from 'node:os'

/** A text that may not leave the machine, and what stands for it. */
export type Secret = readonly [text: string, standIn: string]

/** Paths that say nothing of a person: those of the system. Everything else is cut to the ending of its file. */
const SYSTEM = /^\/(usr|lib|lib64|bin|sbin|opt|proc|dev|sys|etc|snap)(\/|$)/

/** Who and where: the user's name, his folder, this machine's name, the data folder. */
export function personalSecrets(home: string): Secret[] {
  const found: Secret[] = [
    [home, '<data folder>'],
    [os.homedir(), '~'],
    [os.hostname(), '<machine>'],
  ]
  try {
    found.push([os.userInfo().username, '<user>'])
  } catch {
    // A user without an entry has no name to tell.
  }
  return found
}

/**
 * A text without what is nobody's business: the given secrets, wherever they stand as words of their own; tokens; paths, but for the system's; and
 * addresses of mail.
 */
export function redacted(text: string, secrets: readonly Secret[]): string {
  // Long ones first: one may be part of another.
  const known = [...secrets].filter(([secret]) => secret.length > 1).sort(([a], [b]) => b.length - a.length)
  let result = text
  for (const [secret, standIn] of known) result = result.replace(wordOf(secret), () => standIn)
  return result
    .replace(/\b[0-9a-f]{64}\b/g, '<64 hexadecimal digits>')
    .replace(/[\w.+-]+@[\w-]+\.[\w.-]+/g, '<mail address>')
    .replace(/(?<![\w.<>~-])~?(?:\/(?:[\p{L}\p{N}_.@%+-]| (?!\/))*[\p{L}\p{N}_.@%+-]){2,}/gu, cutPath)
    .replace(/\b[A-Za-z]:\\[^\s"'<>|]+/g, cutPath)
}

const cutPath = (found: string): string => (SYSTEM.test(found) ? found : `<path>${/\.[A-Za-z0-9]{1,12}$/.exec(found)?.[0] ?? ''}`)

/** The root's name (“root”) is a word like others: a secret counts where no letter or digit touches it. */
function wordOf(secret: string): RegExp {
  const literal = secret.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu')
}
