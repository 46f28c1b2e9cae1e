/** A rectangle in the picture, pixels. */
export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Where a label's line begins, or ends, at its foot. */
export interface LabelPlace {
  readonly x: number
  readonly y: number
  readonly anchor: 'start' | 'end'
}

/** Size of a connection's label, pixels. */
export const LABEL_SIZE = 10
/** Letters and digits are about so wide in a wide font, as a share of their size. */
const ADVANCE = 0.66
const LINE = LABEL_SIZE + 2
/** Areas are looked up by bands of this height. */
const BAND = 64
const MOST_NUDGES = 12

/** What a label covers, by a guess at its width. */
export function labelArea({ x, y, anchor }: LabelPlace, words: string): Area {
  const width = words.length * LABEL_SIZE * ADVANCE
  return { x: anchor === 'start' ? x : x - width, y: y - LABEL_SIZE + 1, width, height: LABEL_SIZE + 1 }
}

export const overlaps = (a: Area, b: Area): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

/**
 * Gives labels their places one after another, so that none lies on another, on a node or on a line.
 *
 * @param obstacles What must not be written on.
 * @returns a function that takes a label's places, best first, and returns the first that is free; where none is, the best one, moved down
 * until it lies on no other label.
 */
export function labelPlaces(obstacles: Iterable<Area>): (words: string, places: readonly LabelPlace[]) => LabelPlace {
  const [drawn, written] = [new Map<number, Area[]>(), new Map<number, Area[]>()]
  const bandsOf = ({ y, height }: Area): number[] => {
    const first = Math.floor(y / BAND)
    return Array.from({ length: Math.floor((y + height) / BAND) - first + 1 }, (_, i) => first + i)
  }
  const add = (bands: Map<number, Area[]>, area: Area): void => {
    for (const band of bandsOf(area)) {
      const there = bands.get(band)
      if (there) there.push(area)
      else bands.set(band, [area])
    }
  }
  const isFree = (bands: ReadonlyMap<number, Area[]>, area: Area): boolean =>
    !bandsOf(area).some((band) => bands.get(band)?.some((other) => overlaps(area, other)))
  for (const area of obstacles) add(drawn, area)

  return (words, places) => {
    const free = places.find((place) => {
      const area = labelArea(place, words)
      return isFree(written, area) && isFree(drawn, area)
    })
    const lower = Array.from({ length: MOST_NUDGES }, (_, i) => ({ ...places[0]!, y: places[0]!.y + i * LINE }))
    const place = free ?? lower.find((nudged) => isFree(written, labelArea(nudged, words))) ?? places[0]!
    add(written, labelArea(place, words))
    return place
  }
}
