import path from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import type { z } from 'zod'
import { type SourceRequest, backupFileName } from '../../shared/run-files'
import type { OpenLab } from '../lab'
import { answerCall } from './channels'

/**
 * Sources of data sets and other places that a lab's work is told: chosen in the system's own dialog, or dropped on the window. The page gets a word for them and their
 * last name; null where the dialog was left.
 */
export function offerSources(lab: OpenLab): void {
  answerCall('source', async (window, { what }) => {
    const files = await chosen(window, what)
    return files.length === 0 ? null : lab.request('datasets.choose', { files })
  })
  answerCall('dropped', (_, files) => lab.request('datasets.choose', { files }))
}

async function chosen(window: BrowserWindow, what: z.output<typeof SourceRequest>['what']): Promise<string[]> {
  if (what === 'new-backup') {
    const { filePath } = await dialog.showSaveDialog(window, {
      defaultPath: path.join(app.getPath('documents'), backupFileName(new Date())),
      filters: BACKUPS,
    })
    return filePath ? [filePath] : []
  }
  const { filePaths } = await dialog.showOpenDialog(window, {
    properties: what === 'folder' ? ['openDirectory'] : ['openFile', 'multiSelections'],
  })
  return filePaths
}

const BACKUPS = [{ name: 'Backup', extensions: ['tar'] }]
