import { closest } from '../closest'
import { cutText } from '../cut-text'
import { UserError } from '../errors'
import { type PlacedSetting, settings } from './index'
import { shortPath } from './command-line'

/**
 * The setting that is meant by a path (`training.momentum`) or its end, where that is unique (`momentum`).
 *
 * @param place Where it was asked for: `--set`.
 * @throws UserError for a key that is none or several.
 */
export function findSetting(asked: string, place: string): PlacedSetting {
  // Those of the execution were a training's once, and are still found by that name.
  const moved = asked.replace(/^training\./, 'execution.')
  const key = settings.some(({ path }) => path === moved) ? moved : asked
  const found = settings.filter(
    ({ path, fullPathOnly }) => path === key || (path.endsWith(`.${key}`) && !(fullPathOnly && !key.includes('.'))),
  )
  const exact = found.find(({ path }) => path === key)
  if (exact) return exact
  if (found.length === 1) return found[0]!
  // `epochs` is the run's, not the checkpoints': the outer one of several.
  const depthOf = ({ path }: PlacedSetting): number => path.split('.').length
  const depth = Math.min(...found.map(depthOf))
  const outer = found.filter((setting) => depthOf(setting) === depth)
  if (outer.length === 1) return outer[0]!
  if (found.length > 1)
    throw new UserError(`"${key}" is several settings`, {
      place,
      remedy: `say which: ${found.map(({ path }) => path).join(' or ')}`,
    })
  const called = settings.find(({ also }) => also?.includes(key.slice(key.lastIndexOf('.') + 1)))
  const near = called
    ? shortPath(called)
    : closest(
        key,
        settings.flatMap(({ path }) => [path, shortPath({ path }), path.slice(path.lastIndexOf('.') + 1)]),
      )
  throw new UserError(`there is no setting "${cutText(key)}"`, {
    place,
    remedy: near ? `perhaps ${near}` : `there are ${settings.map(({ path }) => path).join(', ')}`,
  })
}
