import { dialog } from 'electron'
import type { OpenLab } from '../lab'
import { answerCall } from './channels'

/**
 * Sources of data sets: chosen in the system's own dialog, or dropped on the window. The page gets a word for them and their last name;
 * null where the dialog was left.
 */
export function offerSources(lab: OpenLab): void {
  answerCall('source', async (window, { what }) => {
    const { filePaths } = await dialog.showOpenDialog(window, {
      properties: what === 'folder' ? ['openDirectory'] : ['openFile', 'multiSelections'],
    })
    return filePaths.length === 0 ? null : lab.request('datasets.choose', { files: filePaths })
  })
  answerCall('dropped', (_, files) => lab.request('datasets.choose', { files }))
}
