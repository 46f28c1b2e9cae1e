import path from 'node:path'

/**
 * What is bundled: the `commands` (command line, engine, launcher), the `window` (Electron's own process and its preload
 * script), and the `renderer` (the pages).
 */
export type Part = 'commands' | 'window' | 'renderer'

/** Where the stamp of a part lies. */
export function stampFile(root: string, part: Part): string {
  return path.join(root, 'out', `${part}.stamp.json`)
}
