import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { UserError } from '../../shared/errors'
import { realPlace } from '../files/real-place'

/** Lies in the new folder of a move, and names the old one and what was copied of it, until all is there. */
const MARK = 'moving.json'

const isBelow = (name: string): boolean =>
  !path.isAbsolute(name) && !name.split(/[/\\]/).some((part) => part === '..' || part === '')
const Mark = z.object({ from: z.string(), files: z.array(z.string().refine(isBelow)) })
type Mark = z.infer<typeof Mark>

function markIn(target: string): Mark | undefined {
  try {
    return Mark.safeParse(JSON.parse(readFileSync(path.join(target, MARK), 'utf8'))).data
  } catch {
    return undefined
  }
}

/** The files that a move from there has copied or meant to; undefined where none was begun. */
export function movedFrom(home: string, target: string): readonly string[] | undefined {
  const mark = markIn(target)
  return mark?.from === realPlace(home) ? mark.files : undefined
}

export function markMove(home: string, target: string, files: readonly string[]): void {
  const all = [...new Set([...(movedFrom(home, target) ?? []), ...files])]
  writeFileSync(path.join(target, MARK), `${JSON.stringify({ from: realPlace(home), files: all })}\n`, { mode: 0o600 })
}

export function unmarkMove(target: string): void {
  rmSync(path.join(target, MARK), { force: true })
}

/** Whether a move to there has not ended. */
export const isUnmoved = (folder: string): boolean => existsSync(path.join(folder, MARK))

/** Work in the new place before all is there would be lost when the move goes on. @throws UserError where one was begun. */
export function refuseUnmoved(folder: string): void {
  if (!isUnmoved(folder)) return
  const from = markIn(folder)?.from
  throw new UserError('a data folder was begun to be moved here, and has not all arrived', {
    place: folder,
    remedy: `end it with \`normlab move\`${from === undefined ? '' : `, or use the old one, ${from}`}`,
  })
}
