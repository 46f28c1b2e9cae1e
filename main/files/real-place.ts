import { realpathSync } from 'node:fs'
import path from 'node:path'

/** Where a place is once all links are followed, also of one that is not there yet: it lies in what is. */
export function realPlace(place: string): string {
  const whole = path.resolve(place)
  try {
    return realpathSync(whole)
  } catch {
    const parent = path.dirname(whole)
    return parent === whole ? whole : path.join(realPlace(parent), path.basename(whole))
  }
}

/** Whether a place is a folder or lies in it, by whatever links either is named. */
export function isWithin(folder: string, place: string): boolean {
  const way = path.relative(realPlace(folder), realPlace(place))
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way)
}
