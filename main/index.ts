import path from 'node:path'
import { app, dialog, nativeTheme } from 'electron'
import { isUserError } from '../shared/errors'
import { createLab, type OpenLab, testWhereNew } from './lab'
import { DamagedStore } from './store/failures'
import { dataFolder, makeDataFolder } from './store/home'
import { announceAppScheme, serveApp } from './window/app-protocol'
import { keepCrashRecords } from './window/crash-records'
import { offerFiles } from './window/files'
import { offerLab } from './window/lab-port'
import { offerSources } from './window/sources'
import { offerRepair } from './window/repair'
import { makeWindowFolder } from './window/folder'
import { hearWord } from './window/channels'
import { Leaving } from './window/closing'
import { followPossible, installMenu } from './window/menu'
import { filesNamed } from './window/opened-kinds'
import { Opening } from './window/opening'
import { OtherFolder } from './window/other-folder'
import { RecentFiles } from './window/recent-files'
import { watchRuns } from './window/run-watch'
import { folderToPrint, printAndEnd } from './window/print-page'
import { showTray } from './window/tray'
import { Windows, hearOfWindows } from './window/windows'
import { restrictPages, restrictSession } from './window/restrictions'
import { startUtilityProcess } from './window/utility-host'

/** The value of `--home DIR` or `--home=DIR`. */
function homeArgument(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--home')
  return at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith('--home='))?.slice('--home='.length)
}

// Scroll bars lie over what they scroll, as on macOS.
app.commandLine.appendSwitch('enable-features', 'OverlayScrollbar')

const log = (text: string): void => void process.stderr.write(`${text}\n`)
let home = ''
let folder = ''

/** Ends the app with a sentence, in a box and on the terminal. */
function giveUp(problem: string, error: unknown): void {
  if (!isUserError(error)) log(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const sentence = isUserError(error) ? error.message : 'something is wrong inside NormLab; start it from a terminal to see what'
  log(`${problem}: ${sentence}`)
  dialog.showErrorBox(problem, sentence)
  app.exit(1)
}

/** After its start, milliseconds. */
const SELF_TEST_MS = 5_000

let lab: OpenLab | null = null
let opening: Opening | null = null
/** Takes the icon in the tray away; null where there is none. */
let hideTray: (() => void) | null = null
let otherFolder: OtherFolder | null = null
/** Data folders that were chosen in the app's dialog, by their words. */
const chosenFolders = new Map<string, string>()
let closed = false
/** Files that were to be opened before the lab was. */
const early: string[] = []
/** Where the words of the command line begin that are not the program's own. */
const firstWord = app.isPackaged ? 1 : 2

function open(): void {
  try {
    const hostPath = path.join(__dirname, 'engine/host.js')
    lab = createLab({ home, takesUpRuns: true, hostPath, startHost: startUtilityProcess, log })
  } catch (error) {
    if (!(error instanceof DamagedStore)) return giveUp('NormLab could not open its data folder', error)
    let isRepaired: boolean
    try {
      isRepaired = offerRepair(home, error)
    } catch (refused) {
      return giveUp('NormLab could not repair its store', refused)
    }
    // Who chose to quit has read the sentence already.
    if (!isRepaired) {
      log(error.message)
      return app.exit(1)
    }
    return open()
  }
  restrictSession()
  serveApp(path.resolve(__dirname, '../renderer'))
  offerLab(lab, log)
  offerFiles(lab)
  offerSources(lab, chosenFolders)
  hearWord('theme', (theme) => (nativeTheme.themeSource = theme))
  openWindows(lab)
}

/** The windows, and what the desktop has of them: menu, notifications, files that are opened, an icon while none is open. */
function openWindows(lab: OpenLab): void {
  const leaving = new Leaving(lab, () => {
    hideTray ??= showTray(lab, {
      open: () => void all.show(),
      quit: () => void leaving.mayLeave(null).then((may) => may && app.quit()),
    })
  })
  otherFolder = new OtherFolder({ lab, home, folders: chosenFolders, mayLeave: () => leaving.mayLeave(null) })
  const all = new Windows({ leaving, preload: path.join(__dirname, 'preload.js'), log: lab.log }, folder, {
    onShown() {
      leaving.backToFront()
      hideTray?.()
      hideTray = null
    },
    onClosed() {
      if (all.all.length === 0 && !leaving.isInBackground) app.quit()
    },
  })
  const recent = new RecentFiles(path.join(folder, 'recent.json'))
  const menu = (): void => installMenu(() => all.front, { recent, open: (file) => void opening?.open(file), changed: menu })
  opening = new Opening(lab, all, recent, menu)
  menu()
  followPossible(() => all.front)
  hearOfWindows(all)
  hearWord('openFile', () => void (all.front && opening?.ask(all.front)))
  app.on('second-instance', (_, argv, workingFolder) => {
    all.show()
    openAll(filesNamed(argv.slice(firstWord), workingFolder))
  })
  // The app ends when its last window closes only where nothing trains on.
  app.on('window-all-closed', () => undefined)
  // Where the system starts the app again by its icon.
  app.on('activate', () => void all.show())
  all.openAnother()
  watchRuns(lab, all)
  if (app.isPackaged) setTimeout(() => void selfTest(lab, all), SELF_TEST_MS)
  openAll([...early.splice(0), ...filesNamed(process.argv.slice(firstWord), process.cwd())])
}

/** What is new on this machine is tested, once, when the window has come to rest. */
async function selfTest(lab: OpenLab, all: Windows): Promise<void> {
  try {
    await testWhereNew(lab, (sentence) => all.tellFront('problem', sentence))
  } catch (error) {
    lab.log(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
}

/** One after the other, so that the last stands in front. */
function openAll(files: readonly string[]): void {
  void files.reduce((before, file) => before.then(() => opening?.open(file)), Promise.resolve<unknown>(undefined))
}

/** One window a data folder: Chromium's own state, and with it the lock, live beside the data. */
function takeFolder(): boolean {
  try {
    home = path.resolve(dataFolder(homeArgument(process.argv)))
    makeDataFolder(home)
    folder = makeWindowFolder(home)
    app.setPath('userData', folder)
    keepCrashRecords((text) => (lab?.log ?? log)(text))
    return true
  } catch (error) {
    giveUp('NormLab could not make its data folder', error)
    return false
  }
}

app.setName('NormLab')
announceAppScheme()
restrictPages()
const toPrint = folderToPrint(process.argv)
if (toPrint !== undefined) {
  void printAndEnd(toPrint)
} else if (!takeFolder()) {
  // The app is on its way out.
} else if (!app.requestSingleInstanceLock()) {
  log('NormLab is already open on this data folder.')
  app.exit(0)
} else {
  // The system's way of opening a file on a Mac, which may come first of all.
  app.on('open-file', (event, file) => {
    event.preventDefault()
    if (opening) void opening.open(file)
    else early.push(file)
  })
  app.on('will-quit', (event) => {
    if (closed || !lab) return
    // The lab writes its last records before the process ends.
    event.preventDefault()
    void lab
      .close()
      .catch((error: unknown) => log(String(error)))
      .then(() => otherFolder?.open(home, log))
      .then(() => {
        closed = true
        // Where the lab closes at once, Electron is still taking back this quitting, and would not hear of another.
        setImmediate(() => app.quit())
      })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())
  void app.whenReady().then(open)
}
