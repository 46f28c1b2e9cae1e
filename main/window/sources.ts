import path from 'node:path'
import { app, dialog, type BrowserWindow, type OpenDialogOptions } from 'electron'
import type { z } from 'zod'
import { type SourceRequest, backupFileName } from '../../shared/run-files'
import type { OpenLab } from '../lab'
import { answerCall } from './channels'

type What = z.output<typeof SourceRequest>['what']

/**
 * Sources of data sets and other places that a lab's work is told: chosen in the system's own dialog, or dropped on the window. The page gets a word for them and their
 * last name; null where the dialog was left.
 *
 * @param folders Hears of data folders that were chosen, by their words.
 */
export function offerSources(lab: OpenLab, folders: Map<string, string>): void {
  answerCall('source', async (window, { what }) => {
    const files = await chosen(window, what)
    if (files.length === 0) return null
    const purpose = what === 'new-backup' || what === 'data-folder' ? what : 'source'
    const given = await lab.request('datasets.choose', { files, purpose })
    if (what === 'data-folder') folders.set(given.chosen, files[0]!)
    return given
  })
  answerCall('dropped', (_, files) => lab.request('datasets.choose', { files }))
}

async function chosen(window: BrowserWindow, what: What): Promise<string[]> {
  if (what === 'new-backup') {
    const { filePath } = await dialog.showSaveDialog(window, {
      defaultPath: path.join(app.getPath('documents'), backupFileName(new Date())),
      filters: BACKUPS,
    })
    return filePath ? [filePath] : []
  }
  const { filePaths } = await dialog.showOpenDialog(window, ASKED[what])
  return filePaths
}

const BACKUPS = [{ name: 'Backup', extensions: ['tar'] }]
const ASKED: Readonly<Record<Exclude<What, 'new-backup'>, OpenDialogOptions>> = {
  files: { properties: ['openFile', 'multiSelections'] },
  folder: { properties: ['openDirectory'] },
  backup: { properties: ['openFile'], filters: BACKUPS },
  'data-folder': { properties: ['openDirectory', 'createDirectory'], buttonLabel: 'Choose' },
}
