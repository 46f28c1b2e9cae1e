import { release } from 'node:os'

/** From package.json, written in by the bundler. */
export const NORMLAB_VERSION: string = process.env.NORMLAB_VERSION ?? 'development'

/** Versions of everything that this process knows of; the training worker adds TensorFlow's. */
export function versions(): Record<string, string> {
  const { node, electron, v8 } = process.versions
  return {
    NormLab: NORMLAB_VERSION,
    Node: node,
    V8: v8,
    ...(electron !== undefined && { Electron: electron }),
    system: `${process.platform} ${process.arch} ${release()}`,
  }
}
