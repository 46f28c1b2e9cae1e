import type { StepOf } from '../../../../shared/datasets/preparation'
import { UserError } from '../../../../shared/errors'
import { splitOrder } from '../../import/splits'
import { checkSplits, type Choose, pick, placesByClass, ranked, type WorkingSplit } from '../working'

/**
 * Divides one or several splits, pooled, anew. By class, the images of each class in the order of their chances are cut at the
 * shares: another class changes nothing, another image of the class moves at most one at each cut. Otherwise the chance alone
 * decides, and nothing ever moves. Equal images have equal chances and stay together.
 */
export const split: Choose<StepOf<'split'>> = (working, step, source) => {
  const { into, of = usual(working.splits), stratified, seed } = step
  checkSplits(working, of, 'split')
  const rest = working.splits.filter(({ name }) => !of.includes(name))
  const taken = rest.find(({ name }) => Object.hasOwn(into, name))
  if (taken)
    throw new UserError(`there is a split "${taken.name}" already`, {
      place: 'step "split"',
      remedy: `divide it with the others (of: ${[...of, taken.name].join(', ')}; --split-of ${[...of, taken.name].join(',')}), or choose another name`,
    })
  const pool = together(working.splits.filter(({ name }) => of.includes(name)))
  const names = Object.keys(into)
  const ends: number[] = []
  for (const name of names) ends.push((ends.at(-1) ?? 0) + into[name]!)
  const parts = names.map((): number[] => [])
  const chance = (place: number): number => source.chances(pool.images[place]!, 'split', seed).first
  if (stratified)
    for (const places of placesByClass(pool, working.classes.length)) {
      const cuts = ends.map((end) => Math.round(end * places.length))
      let last = -1
      let part = 0
      ranked(places, chance).forEach((one, rank) => {
        if (one.chance !== last) while (part < names.length - 1 && rank >= cuts[part]!) part++
        last = one.chance
        parts[part]!.push(one.place)
      })
    }
  else
    for (const place of pool.images.keys()) {
      const at = chance(place)
      const part = ends.findIndex((end) => at < end)
      parts[part < 0 ? names.length - 1 : part]!.push(place)
    }
  const made = names.map((name, part) => ({
    ...pick(
      pool,
      parts[part]!.sort((a, b) => a - b),
    ),
    name,
  }))
  return { ...working, splits: [...made, ...rest].sort((a, b) => splitOrder(a.name, b.name)) }
}

function usual(splits: readonly WorkingSplit[]): string[] {
  return [splits.length === 1 ? splits[0]!.name : 'train']
}

function together(splits: readonly WorkingSplit[]): WorkingSplit {
  return {
    name: '',
    images: Uint32Array.from(splits.flatMap(({ images }) => [...images])),
    labels: Int32Array.from(splits.flatMap(({ labels }) => [...labels])),
  }
}
