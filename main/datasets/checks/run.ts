import { type CheckName, type DatasetChecks, type Finding } from '../../../shared/datasets/checks'
import { checksOf } from '.'
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

/**
 * Goes through all images once, then, where near copies are looked for, looks each up among the others.
 */
export function runChecks(
  images: CheckedImages,
  { name, hash, only, remarks }: CheckRequest,
  tell: (phase: 'reading' | 'looking' | 'comparing', done: number, total: number) => void,
): DatasetChecks {
  const wanted = checksOf(only)
  const searched = wanted.some(({ copies }) => copies === 'near')
    ? 'near'
    : wanted.some(({ copies }) => copies === 'exact')
      ? 'exact'
      : null
  const pixels = new Uint8Array(images.shape[0] * images.shape[1] * images.shape[2])
  const exact = new ExactGroups(searched ? images.length : 0, pixels.length, (image, target) => images.read(image, target))
  const copies = new CopyGroups(exact.first)
  const running = wanted.map((check) => ({ check, going: check.begin({ images, remarks, copies }) }))
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
  const findings = running.map(({ check, going }): Finding => ({ check: check.name, ...going.end() }))
  return {
    ...{ name, hash, checkedAt: new Date().toISOString(), classes: [...images.classes] },
    splits: images.splits.map((split) => ({ name: split.name, images: split.length })),
    verdict: verdictOf(images, copies, searched, findings),
    findings,
    repair: searched ? repairOf(images, copies) : null,
    copied: searched ? Object.fromEntries(copiedImages(images, copies, 'train')) : null,
  }
}
