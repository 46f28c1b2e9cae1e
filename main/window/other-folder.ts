import { app, dialog } from 'electron'
import { UserError } from '../../shared/errors'
import type { OpenLab } from '../lab'
import { elsewhereFile, keepElsewhere } from '../store/elsewhere'
import { usualFolder } from '../store/home'
import { finishMove } from '../store/move'
import { answerCall, sentenceOf } from './channels'
import { requireDataFolder, startsNamed, wordsWith } from './folder-choice'

/** What the app is to be opened with again, once its lab is closed. */
interface Next {
  readonly folder: string
  /** The present one is to be moved there. */
  readonly moves: boolean
}

export interface OtherFolderWorld {
  readonly lab: OpenLab
  readonly home: string
  /** Data folders that were chosen, by their words. */
  readonly folders: ReadonlyMap<string, string>
  /** Asks what becomes of runs that go on. */
  readonly mayLeave: () => Promise<boolean>
}

/** Goes on with another data folder: what a page asks for is done when the app has closed its lab. */
export class OtherFolder {
  private next: Next | null = null

  constructor({ lab, home, folders, mayLeave }: OtherFolderWorld) {
    answerCall('folder', async (_, { chosen, moves }) => {
      try {
        const folder = folders.get(chosen)
        if (folder === undefined) throw new UserError('this folder is not at hand any more', { remedy: 'choose it again' })
        if (!moves) requireDataFolder(home, folder)
        if (!(await mayLeave())) return null
        this.next = { folder, moves }
        app.quit()
        return null
      } catch (error) {
        return sentenceOf(error, lab.log)
      }
    })
  }

  /** The lab is closed: has the app opened again where that was asked for. */
  async open(home: string, log: (text: string) => void): Promise<void> {
    if (!this.next) return
    const { folder, moves } = this.next
    try {
      if (moves) finishMove(home, folder)
      const named = startsNamed(process.argv)
      if (!named) keepElsewhere(elsewhereFile(), folder, usualFolder())
      again(named ? wordsWith(process.argv.slice(1), folder) : process.argv.slice(1))
    } catch (error) {
      await dialog.showMessageBox({
        type: 'error',
        message: 'The data folder stays where it is.',
        detail: sentenceOf(error, log),
      })
      again(process.argv.slice(1))
    }
  }
}

/** An AppImage is mounted anew. */
function again(args: string[]): void {
  const image = process.env['APPIMAGE']
  app.relaunch({ args, ...(image !== undefined && { execPath: image }) })
}
