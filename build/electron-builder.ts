import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { Configuration } from 'electron-builder'

/** What the package is made of, found before. */
export interface PackageParts {
  /** Electron's distribution and its version. */
  readonly electronFolder: string
  readonly electronVersion: string
  /** TensorFlow's folder: libraries and binding. */
  readonly tensorflowFolder: string
  /** Folder of files that go beside the executable: the command line's launcher. */
  readonly launcherFolder: string
  /** Where the package is written. */
  readonly outputFolder: string
}

/** Name of the app's executable; `normlab` is the command line beside it. */
export const EXECUTABLE = 'normlab-desktop'

/** electron-builder's configuration. Everything comes from this machine: nothing is downloaded. */
export function builderConfiguration(parts: PackageParts): Configuration {
  return {
    appId: 'org.normlab.NormLab',
    productName: 'NormLab',
    directories: { output: parts.outputFolder, buildResources: 'build/resources' },
    electronDist: parts.electronFolder,
    electronVersion: parts.electronVersion,
    npmRebuild: false,
    publish: null,
    files: ['out/main/**', 'out/renderer/**', '!**/*.map', 'package.json', '!**/node_modules/@libsql/*-musl/**'],
    // A process or a worker thread is started from a file, and a native module loaded from one.
    asarUnpack: ['out/main/engine/**', '**/*.node'],
    extraResources: [{ from: parts.tensorflowFolder, to: 'tensorflow' }],
    extraFiles: [{ from: parts.launcherFolder, to: '.' }],
    // Electron's stock application; ours is in app.asar.
    afterPack: ({ appOutDir }) => rm(path.join(appOutDir, 'resources/default_app.asar'), { force: true }),
    electronLanguages: ['en-US'],
    linux: {
      target: 'dir',
      executableName: EXECUTABLE,
      category: 'Science',
      synopsis: 'A lab for gradient norms in deep networks',
    },
  }
}
