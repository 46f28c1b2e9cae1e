import { type CheckName, type DatasetChecks, type Finding } from '../../../shared/datasets/checks'
import { checksOf } from '.'
import { sampleBytes } from '../dataset'
import type { Check, RunningCheck } from './check'
import { CopyGroups } from './copies/groups'
import { ExactGroups } from './copies/exact'
import { findNearCopies } from './copies/find'
import { CopySearch } from './copies/search'
import type { CheckedImages } from './images'
import { repairOf } from './repair'
import { copiedImages, verdictOf } from './verdict'

/** Images between two words of progress. */
const TOGETHER = 256

export interface CheckRequest {
  readonly name: string
  readonly hash: string
  readonly only: readonly CheckName[]
  /** What the import told. */
  readonly remarks: readonly string[]
}

/** What a check of pictures says of vectors. */
const NOTHING: RunningCheck = {
  end: () => ({
    count: 0,
    sentence: 'Only pictures are looked at so; this set holds vectors.',
    images: [],
    pairs: [],
    counts: [],
  }),
}

/** Which copies are looked for: of vectors those that are the same, bit by bit. */
function searchOf(wanted: readonly Check[], isVector: true | undefined): 'near' | 'exact' | null {
  const asked = wanted.filter((check) => !(isVector && check.isOfPictures)).flatMap(({ copies }) => copies ?? [])
  if (asked.length === 0) return null
  return asked.includes('near') && !isVector ? 'near' : 'exact'
}

/**
 * Goes through all images once, then, where near copies are looked for, looks each up among the others.
 *
 * @param others What checks that need more than the images have found.
 */
export function runChecks(
  images: CheckedImages,
  { name, hash, only, remarks }: CheckRequest,
  tell: (phase: 'reading' | 'looking' | 'comparing', done: number, total: number) => void,
  others: readonly Finding[] = [],
): DatasetChecks {
  const { isVector } = images
  const wanted = checksOf(only)
  const searched = searchOf(wanted, isVector)
  const pixels = new Uint8Array(sampleBytes(images))
  const exact = new ExactGroups(searched ? images.length : 0, pixels.length, (image, target) => images.read(image, target))
  const copies = new CopyGroups(exact.first)
  const running = wanted.map((check) => ({
    check,
    going: isVector && check.isOfPictures ? NOTHING : check.begin({ images, remarks, copies }),
  }))
  const seeing = running.flatMap(({ going }) => (going.see ? [going] : []))
  const search = searched === 'near' ? new CopySearch(images) : undefined
  if (searched || seeing.length > 0)
    for (let image = 0; image < images.length; image++) {
      images.read(image, pixels)
      for (const check of seeing) check.see!(image, pixels)
      if (searched && exact.add(image, pixels) === image) search?.add(image, pixels)
      if (image % TOGETHER === 0) tell('reading', image, images.length)
    }
  if (search) findNearCopies(images, search, copies, tell)
  const findings = [...running.map(({ check, going }): Finding => ({ check: check.name, ...going.end() })), ...others]
  return {
    ...{ name, hash, checkedAt: new Date().toISOString(), classes: [...images.classes] },
    splits: images.splits.map((split) => ({ name: split.name, images: split.length })),
    verdict: verdictOf(images, copies, searched, findings),
    findings,
    repair: searched ? repairOf(images, copies) : null,
    copied: searched ? Object.fromEntries(copiedImages(images, copies, 'train')) : null,
  }
}
