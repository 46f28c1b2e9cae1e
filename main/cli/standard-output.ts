import { reasonOf } from '../files/reasons'
import type { Output } from './command'

/**
 * Standard output and standard error. Where standard output takes nothing more, because its reader has seen enough (`normlab train … |
 * head`) or a disk is full, nothing more is printed; what is under way goes on to its end, and its records are stored.
 */
export class StandardOutput implements Output {
  private takesMore = true
  private failure: NodeJS.ErrnoException | undefined

  constructor(
    private readonly stdout: NodeJS.WritableStream,
    private readonly stderr: NodeJS.WritableStream,
  ) {
    // A reader of both that has left has nobody to tell of it.
    stderr.on('error', () => undefined)
    stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (!this.takesMore) return
      this.takesMore = false
      if (error.code === 'EPIPE')
        return this.say('normlab: nobody reads standard output any more; the rest is not printed, and what was begun goes on\n')
      this.failure = error
      this.say(`normlab: standard output cannot be written: ${reasonOf(error)}; send it somewhere else\n`)
    })
  }

  print(text: string): void {
    if (this.takesMore) this.stdout.write(harmless(text))
  }

  say(text: string): void {
    this.stderr.write(harmless(text))
  }

  /** The exit status of a program that ended with `status`: a reader that left changes nothing, an output that failed does. */
  statusOf(status: number): number {
    return this.failure && status === 0 ? 2 : status
  }
}

/**
 * What a terminal would obey as its escape, which JSON reads as the same text; line breaks and tabs are the program's own. Names and notes
 * from outside are put on one line where they are told.
 */
function harmless(text: string): string {
  return text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
