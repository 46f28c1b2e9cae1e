import { BrowserWindow, dialog, ipcMain, type IpcMainInvokeEvent } from 'electron'
import { z } from 'zod'
import { type GivenSource, SourceRequest } from '../../shared/run-files'
import type { OpenLab } from '../lab'
import { isOwnPage } from './sender'

/** Paths of files that a person dropped on the window, as the preload script read them off the drop itself. */
const Dropped = z.array(z.string().min(1).max(4096)).min(1).max(1000)

/**
 * Sources of data sets: chosen in the system's own dialog, or dropped on the window. The page gets a word for them and their last name;
 * null where the dialog was left.
 */
export function offerSources(lab: OpenLab): void {
  const windowOf = (event: IpcMainInvokeEvent): BrowserWindow | null =>
    isOwnPage(event) ? BrowserWindow.fromWebContents(event.sender) : null

  ipcMain.handle('lab:source', async (event, asked: unknown): Promise<GivenSource | null> => {
    const window = windowOf(event)
    const request = SourceRequest.safeParse(asked)
    if (!window || !request.success) return null
    const { filePaths } = await dialog.showOpenDialog(window, {
      properties: request.data.what === 'folder' ? ['openDirectory'] : ['openFile', 'multiSelections'],
    })
    return filePaths.length === 0 ? null : lab.request('datasets.choose', { files: filePaths })
  })
  ipcMain.handle('lab:dropped', async (event, asked: unknown): Promise<GivenSource | null> => {
    const files = Dropped.safeParse(asked)
    return windowOf(event) && files.success ? lab.request('datasets.choose', { files: files.data }) : null
  })
}
