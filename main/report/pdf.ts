import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { UserError } from '../../shared/errors'
import { writeFile } from '../files/write-file'
import { electronExecutable, electronFolder } from '../resources'

/** Tells the app to print the report in a folder, and to end. */
export const PRINT_REPORT = '--print-report'
/** The files of such a folder. */
export const REPORT_PAGE = 'report.html'
export const REPORT_PDF = 'report.pdf'

/** The app's executable in a package, where the command line's own Node lies beside it. */
const APP = process.platform === 'win32' ? 'normlab-desktop.exe' : 'normlab-desktop'
/** Browsers made of Chromium. One that is a snap sees no temporary folder, and so gets its turn last. */
const BROWSERS = ['google-chrome', 'google-chrome-stable', 'microsoft-edge', 'msedge', 'chromium', 'chromium-browser', 'chrome']
/** A report takes seconds. */
const PATIENCE_MS = 90_000

/** A program that makes a PDF of the report in a folder. */
interface Printer {
  readonly program: string
  readonly words: (folder: string) => readonly string[]
}

/**
 * Makes the PDF of a report where no window is open: by the app itself where there is a display, else by a browser without one. Each is tried in
 * turn, and believed where the PDF is there.
 *
 * @param fill Writes the report as a page into the file that it is given.
 * @param programs Folder of the bundled programs.
 * @returns the length of the PDF, bytes.
 * @throws UserError where nothing here prints.
 */
export async function printReport<T>(
  out: string,
  fill: (page: string) => Promise<T>,
  programs: string,
): Promise<{ told: T; bytes: number }> {
  const printers = [...appAt(programs), ...browsers()]
  if (printers.length === 0) throw nothingPrints('none is on this machine')
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-report-'))
  try {
    const told = await fill(path.join(folder, REPORT_PAGE))
    const tried: string[] = []
    for (const printer of printers) {
      const problem = await printBy(printer, folder)
      const pdf = problem === null ? readFileSync(path.join(folder, REPORT_PDF)) : undefined
      if (pdf?.subarray(0, 5).toString('latin1') === '%PDF-') {
        writeFile(out, pdf)
        return { told, bytes: pdf.length }
      }
      tried.push(`${path.basename(printer.program)} ${problem ?? 'wrote something else'}`)
    }
    throw nothingPrints(tried.join('; '))
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

const nothingPrints = (why: string): UserError =>
  new UserError(`a PDF is printed by Chromium, Chrome, Edge or by NormLab’s own window, and that was not possible: ${why}`, {
    place: '--out',
    remedy: 'write the report as .html and print that in a browser, or put one of them on the PATH',
  })

/** Chromium keeps root out of its sandbox, and does not start without being told. */
const forRoot = (): string[] => (process.getuid?.() === 0 ? ['--no-sandbox'] : [])

/** NormLab's own window, which nobody sees; there must be a display for it all the same. */
function appAt(programs: string): Printer[] {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return []
  const packaged = path.join(path.dirname(process.execPath), APP)
  if (existsSync(packaged)) return [{ program: packaged, words: (folder) => [...forRoot(), PRINT_REPORT, folder] }]
  const checkout = path.resolve(programs, '../..')
  const electron = electronExecutable(electronFolder(checkout) ?? '')
  if (electron === undefined || !existsSync(path.join(programs, 'index.js'))) return []
  return [{ program: electron, words: (folder) => [...forRoot(), checkout, PRINT_REPORT, folder] }]
}

function browsers(): Printer[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder))
  const named = (name: string): string[] => (process.platform === 'win32' ? [`${name}.exe`] : [name])
  const files = BROWSERS.flatMap((name) => folders.flatMap((folder) => named(name).map((file) => path.join(folder, file))))
  const words = (folder: string): string[] => [
    ...forRoot(),
    ...[
      '--headless',
      '--disable-gpu',
      '--no-first-run',
      '--disable-extensions',
      `--user-data-dir=${path.join(folder, 'browser')}`,
    ],
    // The second is what older ones understand.
    ...['--no-pdf-header-footer', '--print-to-pdf-no-header', `--print-to-pdf=${path.join(folder, REPORT_PDF)}`],
    pathToFileURL(path.join(folder, REPORT_PAGE)).href,
  ]
  return files.filter((file) => existsSync(file)).map((program) => ({ program, words }))
}

/** @returns why there is no PDF, or null where the program ended well. */
function printBy({ program, words }: Printer, folder: string): Promise<string | null> {
  rmSync(path.join(folder, REPORT_PDF), { force: true })
  return new Promise((resolve) => {
    const child = spawn(program, [...words(folder)], { stdio: 'ignore', timeout: PATIENCE_MS, killSignal: 'SIGKILL' })
    child.once('error', (error) => resolve(`did not start (${error.message})`))
    child.once('close', (status, signal) => {
      if (status === 0 && existsSync(path.join(folder, REPORT_PDF))) resolve(null)
      else resolve(signal ? `was ended (${signal})` : `ended with status ${status} and no whole PDF`)
    })
  })
}
