import { UserError } from '../../../shared/errors'
import type { PreparationSource } from './source'

/** One split on its way: which images of the source it has, in their order, and their labels by now. */
export interface WorkingSplit {
  readonly name: string
  /** Numbers of the source's images. */
  readonly images: Uint32Array
  readonly labels: Int32Array
}

/** A set on its way through the steps that choose images and labels; its pixels are not touched yet. */
export interface Working {
  readonly classes: readonly string[]
  readonly splits: readonly WorkingSplit[]
}

/** A step that chooses images, or changes their labels. */
export type Choose<S> = (working: Working, step: S, source: PreparationSource) => Working

export function sourceAsWorking({ summary, splits, starts }: PreparationSource): Working {
  return {
    classes: summary.classes,
    splits: splits.map(({ name, labels }, split) => ({
      name,
      images: Uint32Array.from(labels, (_, index) => starts[split]! + index),
      labels,
    })),
  }
}

/** The images of a split at these places. */
export function pick({ name, images, labels }: WorkingSplit, places: readonly number[]): WorkingSplit {
  return {
    name,
    images: Uint32Array.from(places, (place) => images[place]!),
    labels: Int32Array.from(places, (place) => labels[place]!),
  }
}

/** Places in a split, class by class. */
export function placesByClass({ labels }: WorkingSplit, classes: number): number[][] {
  const places = Array.from({ length: classes }, (): number[] => [])
  labels.forEach((label, place) => places[label]!.push(place))
  return places
}

/** Changes the splits of these names and leaves the others. @throws UserError where one is not there. */
export function changeSplits(
  working: Working,
  names: readonly string[],
  step: string,
  change: (split: WorkingSplit) => WorkingSplit,
): Working {
  checkSplits(working, names, step)
  return { ...working, splits: working.splits.map((split) => (names.includes(split.name) ? change(split) : split)) }
}

/** @throws UserError where one of the splits is not there. */
export function checkSplits({ splits }: Working, names: readonly string[], step: string): void {
  for (const name of names)
    if (!splits.some((split) => split.name === name))
      throw new UserError(`there is no split "${name}"`, {
        place: `step "${step}"`,
        remedy: `there are ${splits.map((split) => split.name).join(' and ')}`,
      })
}

/**
 * The places with the least chances, in the order of the split. Equal images, whose chances are equal, are taken in that order.
 *
 * @param chance Of the image at a place.
 */
export function leastOf(places: readonly number[], count: number, chance: (place: number) => number): number[] {
  if (places.length <= count) return [...places]
  return ranked(places, chance)
    .slice(0, count)
    .map(({ place }) => place)
    .sort((a, b) => a - b)
}

/** Places in the order of their chances. */
export function ranked(
  places: readonly number[],
  chance: (place: number) => number,
): { readonly place: number; readonly chance: number }[] {
  return places.map((place) => ({ place, chance: chance(place) })).sort((a, b) => a.chance - b.chance || a.place - b.place)
}
