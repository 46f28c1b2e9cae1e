import { existsSync } from 'node:fs'
import path from 'node:path'
import { app, dialog, type BrowserWindow } from 'electron'
import { UserError } from '../../shared/errors'
import { RUN_FORMATS } from '../../shared/run-files'
import { JSON_ENDING, OPENED } from './opened-kinds'
import { readNetworkFile } from '../files/network-file'
import type { OpenLab } from '../lab'
import { sentenceOf } from './channels'
import type { RecentFiles } from './recent-files'
import type { Windows } from './windows'

/** Opens documents, bundles and data sets in the window in front, each as what it is. */
export class Opening {
  constructor(
    private readonly lab: OpenLab,
    private readonly windows: Windows,
    private readonly recent: RecentFiles,
    private readonly changed: () => void,
  ) {}

  async open(file: string): Promise<void> {
    try {
      await this.take(file)
      this.recent.add(file)
      app.addRecentDocument(file)
      this.changed()
    } catch (error) {
      if (!existsSync(file)) this.forget(file)
      this.windows.tellFront('problem', `“${path.basename(file)}”: ${sentenceOf(error, this.lab.log)}`)
    }
  }

  /** A file that is gone is not offered again. */
  private forget(file: string): void {
    if (!this.recent.list.includes(file)) return
    this.recent.remove(file)
    this.changed()
  }

  /** Asks which, in the system's dialog. */
  async ask(window: BrowserWindow): Promise<void> {
    const { filePaths } = await dialog.showOpenDialog(window, {
      filters: [
        { name: 'Networks, bundles of runs, data sets', extensions: [...OPENED] },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['openFile'],
    })
    for (const file of filePaths) await this.open(file)
  }

  private async take(file: string): Promise<void> {
    if (!existsSync(file)) throw new UserError('the file is not there any more', { remedy: 'look where it went' })
    const ending = path.extname(file).slice(1).toLowerCase()
    if (ending === JSON_ENDING) {
      const { id } = await this.lab.request('library.save', { document: readNetworkFile(file) })
      this.windows.tellFront('go', `/design/network?id=${id}`)
    } else if (ending === RUN_FORMATS.bundle) {
      const { id } = await this.lab.request('runs.import', { file })
      this.windows.tellFront('go', `/runs/${id}`)
    } else this.windows.tellFront('dataset', await this.lab.request('datasets.choose', { files: [file] }))
  }
}
