import { existsSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { UserError } from '../../shared/errors'
import { makeFolders } from '../files/make-folders'
import { writeFile } from '../files/write-file'
import { DATABASE } from './backup-format'

export type Environment = Readonly<Record<string, string | undefined>>

/** A folder of the XDG specification, which wants a relative path ignored. */
export const xdgFolder = (named: string | undefined, usual: string): string => (named && path.isAbsolute(named) ? named : usual)

/** With whether a store was there when it was chosen: without it, the folder is where a disk was. */
const Said = z.object({ folder: z.string().min(1).max(4096), hasStore: z.boolean().default(false) })
export type Elsewhere = z.output<typeof Said>

/** Whether it is as it was when it was chosen. */
export const isAtHand = ({ folder, hasStore }: Elsewhere): boolean => existsSync(hasStore ? path.join(folder, DATABASE) : folder)

/** The file that says where the data folder is, where a person chose another than the usual one: it belongs to no data folder, and stays when one is deleted. */
export function elsewhereFile(environment: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Preferences', 'NormLab', 'data-folder.json')
  if (platform === 'win32')
    return path.join(environment['APPDATA'] || path.join(homedir(), 'AppData', 'Roaming'), 'NormLab', 'data-folder.json')
  return path.join(xdgFolder(environment['XDG_CONFIG_HOME'], path.join(homedir(), '.config')), 'normlab', 'data-folder.json')
}

/** The folder that was chosen; undefined where it is the usual one. @throws UserError where what was written of it cannot be read. */
export function folderElsewhere(file: string): Elsewhere | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw unreadable(file)
  }
  const said = Said.safeParse(parsed(text))
  if (!said.success || !path.isAbsolute(said.data.folder)) throw unreadable(file)
  return said.data
}

const unreadable = (file: string): UserError =>
  new UserError('where the data folder was put cannot be read', {
    place: file,
    remedy: 'name the folder with --home, or remove this file to use the usual one',
  })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** From the next start on the data folder is this one. @param usual Which needs no word. */
export function keepElsewhere(file: string, folder: string, usual: string): void {
  if (folder === usual) return rmSync(file, { force: true })
  makeFolders(path.dirname(file))
  writeFile(file, `${JSON.stringify({ folder, hasStore: existsSync(path.join(folder, DATABASE)) })}\n`)
}
