import { release } from 'node:os'

/** From package.json, written in by the bundler. */
export const NORMLAB_VERSION: string = process.env.NORMLAB_VERSION ?? 'development'

/** The Electron that NormLab is made for, from the lockfile, written in by the bundler; undefined in tests of single files. */
const LOCKED_ELECTRON: string | undefined = process.env.NORMLAB_ELECTRON

/**
 * What an Electron is called: with its Chromium, and where it is another than NormLab is made for, with that.
 * @param chromium Where it is known.
 */
export function electronWords(version: string, chromium?: string, locked = LOCKED_ELECTRON): string {
  const other =
    locked === undefined || locked === version
      ? ''
      : `; NormLab is made for ${locked}, and an older one gets no repairs of its security`
  return `${version}${chromium === undefined ? '' : `, Chromium ${chromium}`}${other}`
}

/** Versions of everything that this process knows of; the training worker adds TensorFlow's. */
export function versions(): Record<string, string> {
  const { node, electron, chrome, v8 } = process.versions
  return {
    NormLab: NORMLAB_VERSION,
    Node: node,
    V8: v8,
    ...(electron !== undefined && { Electron: electron }),
    ...(chrome !== undefined && { Chromium: chrome }),
    system: `${process.platform} ${process.arch} ${release()}`,
  }
}
