import { existsSync } from 'node:fs'
import { tensorflowFolder } from '../main/resources'
import { stampFile, type Part } from './parts'
import { isFresh } from './stamp'

/**
 * True where the command line can run as it is. This is bundled (out/launch.js) and asked before every `npm run normlab`, so
 * it only looks at files.
 */
export function isReady(root: string, parts: readonly Part[]): boolean {
  try {
    return existsSync(tensorflowFolder()) && parts.every((part) => isFresh(root, stampFile(root, part)))
  } catch {
    return false
  }
}

/** The parts that a command needs: `serve` shows the pages. */
export function partsFor(argv: readonly string[]): Part[] {
  return argv.includes('serve') ? ['commands', 'renderer'] : ['commands']
}
