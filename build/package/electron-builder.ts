import { rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import type { Configuration } from 'electron-builder'
import { FILE_KINDS } from './file-kinds'

/** What the package is made of, found before. */
export interface PackageParts {
  /** Electron's distribution and its version. */
  readonly electronFolder: string
  readonly electronVersion: string
  /** TensorFlow's folder: libraries and binding. */
  readonly tensorflowFolder: string
  /** Files that go beside the executable: the command line's launcher and its Node. */
  readonly besideFolder: string
  /** Files that go into the resources: the command line's program, licences, the bill of materials. */
  readonly resourcesFolder: string
  /** Where the package is written. */
  readonly outputFolder: string
}

/** Name of the app's executable; `normlab` is the command line beside it. */
export const EXECUTABLE = 'normlab-desktop'

/** Folder of the command line's program in the resources: what is bundled, as a checkout has it. */
export const COMMAND_LINE = 'command-line'

/** What Electron's executable may be told to do, burnt into it (Electron: docs/tutorial/fuses). */
export const FUSES = {
  // It is no Node for whoever sets ELECTRON_RUN_AS_NODE; engine hosts are utility processes.
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  // Holds on macOS, and on Windows from Electron 30 on.
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
} as const

/** electron-builder's configuration. Everything comes from this machine: nothing is downloaded. */
export function builderConfiguration(parts: PackageParts): Configuration {
  return {
    appId: 'org.normlab.NormLab',
    productName: 'NormLab',
    copyright: 'The NormLab developers, MIT licence',
    directories: { output: parts.outputFolder, buildResources: 'build/resources' },
    electronDist: parts.electronFolder,
    electronVersion: parts.electronVersion,
    electronFuses: FUSES,
    npmRebuild: false,
    publish: null,
    asar: true,
    files: [
      ...['out/main/**', 'out/renderer/**', 'package.json'],
      ...['!out/main/cli.js', '!**/*.map', '!**/node_modules/@libsql/*-musl/**'],
    ],
    // A native module is loaded from a file, and the command line, whose Node knows no archives, shares it.
    asarUnpack: ['node_modules/**'],
    extraResources: [
      { from: parts.tensorflowFolder, to: 'tensorflow' },
      { from: parts.resourcesFolder, to: '.' },
    ],
    extraFiles: [{ from: parts.besideFolder, to: '.' }],
    async afterPack({ appOutDir }) {
      // Electron's stock application; ours is in app.asar.
      await rm(path.join(appOutDir, 'resources/default_app.asar'), { force: true })
      await symlink('../app.asar.unpacked/node_modules', path.join(appOutDir, 'resources', COMMAND_LINE, 'node_modules'))
    },
    electronLanguages: ['en-US'],
    fileAssociations: FILE_KINDS.map(({ extension, name, mimeType }) => ({
      ext: extension,
      name,
      description: name,
      mimeType,
      role: 'Editor',
      rank: 'Default',
    })),
    linux: {
      target: 'dir',
      executableName: EXECUTABLE,
      category: 'Science',
      icon: 'icons',
      synopsis: 'A lab for gradient norms in deep networks',
    },
    // TensorFlow's libraries have to be given for these two: its wheels hold none that a binding could be built against.
    win: { target: [{ target: 'nsis', arch: ['x64'] }], icon: 'icon.png', executableName: EXECUTABLE },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      // Runs are the user's: they stay.
      deleteAppDataOnUninstall: false,
      include: 'build/resources/installer.nsh',
    },
    mac: {
      target: [{ target: 'dmg', arch: ['x64', 'arm64'] }],
      icon: 'icon.png',
      category: 'public.app-category.education',
      hardenedRuntime: true,
      gatekeeperAssess: false,
    },
    dmg: { title: '${productName} ${version}' },
  }
}
