import { describe, expect, it } from 'vitest'
import { runChecks } from '../../../../main/datasets/checks/run'
import { laplacianVariance } from '../../../../main/datasets/checks/blurred'
import type { CheckName, DatasetChecks } from '../../../../shared/datasets/checks'
import { checkKinds, usualChecks as checkNames } from '../../../../shared/datasets/checks'
import { checks } from '../../../../main/datasets/checks'
import { picture, setOf, SIDE, strokes, turnedPicture } from './planted'

type Splits = Parameters<typeof setOf>[0]

function check(splits: Splits, only: readonly CheckName[] = checkNames, remarks: readonly string[] = []): DatasetChecks {
  return runChecks(setOf(splits), { name: 'planted', hash: 'x', only, remarks }, () => undefined)
}
const finding = ({ findings }: DatasetChecks, name: CheckName): DatasetChecks['findings'][number] =>
  findings.find((one) => one.check === name)!
const flat = (level: number): Uint8Array => new Uint8Array(SIDE * SIDE * 3).fill(level)
const train = Array.from({ length: 40 }, (_, i) => ({ pixels: picture(i + 1), label: i % 2 }))

describe('the checks', () => {
  it('are declared, each with limits and a source, and made', () => {
    expect(checks.map(({ name }) => name)).toEqual(checkNames)
    for (const { says, limits, source } of checkKinds)
      for (const words of [says, limits, source]) expect(words.length).toBeGreaterThan(10)
  })

  it('count byte-equal images within and across splits, in the order of the set', () => {
    const found = check(
      {
        train: [...train, train[7]!, train[3]!],
        test: [{ pixels: picture(900) }, train[5]!, { pixels: picture(901) }, { pixels: picture(900) }],
      },
      ['exact-copies'],
    )
    const { counts, pairs, sentence } = finding(found, 'exact-copies')
    expect(counts).toEqual([
      { a: 'train', b: 'train', pairs: 2 },
      { a: 'train', b: 'test', pairs: 1 },
      { a: 'test', b: 'test', pairs: 1 },
    ])
    expect(pairs.map(({ a, b }) => [a.split, a.index, b.split, b.index])).toEqual([
      ['train', 3, 'train', 41],
      ['train', 5, 'test', 1],
      ['train', 7, 'train', 40],
      ['test', 0, 'test', 3],
    ])
    expect(sentence).toBe('Images that are the same: 2 pairs in train, 1 pair across train and test, 1 pair in test.')
    expect(found.verdict).toContain(
      '25.0 % of the test images (1 of 4) have an exact copy in train: an accuracy here cannot be trusted to a point.',
    )
    expect(found.repair!.images).toEqual({ train: [5, 40, 41], test: [3] })
    expect(found.copied).toEqual({ test: [1] })
  })

  it('tell mirrored copies across splits, with their labels, and leave the one in train out', () => {
    const found = check({ train, test: [{ pixels: turnedPicture(train[4]!.pixels, 1), label: 1 }, { pixels: picture(500) }] })
    const [pair] = finding(found, 'near-copies').pairs
    expect(pair).toMatchObject({ a: { split: 'train', index: 4 }, b: { split: 'test', index: 0 }, turn: 'mirrored', likeness: 1 })
    expect(finding(found, 'two-labels').count).toBe(1)
    expect(found.repair!.images).toEqual({ train: [4] })
    expect(found.verdict).toContain('(1 of 2) have a copy or near copy in train')
  })

  it('list near copies and judge none where pictures look alike as such, in whatever shares the classes are', () => {
    const alike = strokes(60).map(({ pixels }, i) => ({ pixels, label: i % 2 }))
    const found = check({
      train: [...alike.slice(0, 40), { pixels: alike[50]!.pixels.map((value) => 10 + value / 2), label: 1 }],
      test: [...alike.slice(40), alike[3]!],
    })
    expect(finding(found, 'near-copies').sentence).toMatch(
      /^Images that are all but the same: .* They are listed but not judged, as the verdict says\.$/,
    )
    expect(found.verdict).toContain(
      'The pictures of this set look alike as such, so that near copies are listed but not judged: only images that are the same count as copies.',
    )
    expect(finding(found, 'near-copies').pairs).toContainEqual(
      expect.objectContaining({ a: { split: 'train', index: 40, label: 1 }, b: { split: 'test', index: 10, label: 0 } }),
    )
    expect(found.verdict).toMatch(/^4\.8 % of the test images \(1 of 21\) have an exact copy in train: .* look alike as such/)
    expect(found.copied).toEqual({ test: [20] })
    expect(found.repair!.images).toEqual({ train: [3] })
    expect(finding(found, 'two-labels').count).toBe(0)
  })

  it('judge near copies of the other classes where those of one look alike as such', () => {
    const others = Array.from({ length: 100 }, (_, i) => ({ pixels: picture(i + 2000), label: 1 }))
    const found = check({
      train: [...strokes(40), ...others],
      test: [...strokes(20, 99), { pixels: turnedPicture(others[7]!.pixels, 1), label: 1 }],
    })
    expect(finding(found, 'near-copies').sentence).toContain('Those of a are listed but not judged, as the verdict says.')
    expect(found.verdict).toContain('The pictures of class a look alike as such')
    expect(found.copied).toEqual({ test: [20] })
    expect(found.repair!.images).toEqual({ train: [47] })
  })

  it('say so where nothing is found', () => {
    const found = check({
      train,
      test: [
        { pixels: picture(600), label: 0 },
        { pixels: picture(601), label: 1 },
      ],
    })
    expect(found.verdict).toBe('No image of test has a copy or near copy in train, as far as this check can see.')
    expect(found.findings.map(({ count }) => count)).toEqual(found.findings.map(() => 0))
    expect(found.repair).toBeNull()
  })

  it('find plain, dark and blurred images, empty classes, and what the import left out', () => {
    const smooth = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => 60 + Math.floor((i / 3) % SIDE) * 4)
    const found = check(
      {
        train: [...train, { pixels: flat(120) }, { pixels: picture(70).map((value) => value / 5) }, { pixels: smooth }],
        test: [train[0]!],
      },
      ['plain', 'dark', 'blurred', 'classes', 'unreadable'],
      ['3 files could not be read and are left out: a.png (cut short)', 'labels taken from the first column'],
    )
    expect(finding(found, 'plain').images.map(({ index }) => index)).toEqual([40])
    expect(finding(found, 'dark').images.map(({ index }) => index)).toEqual([41])
    expect(finding(found, 'blurred').images.map(({ index }) => index)).toContain(42)
    expect(finding(found, 'classes').sentence).toBe('1 class with no or few images: in test b (0).')
    expect(finding(found, 'unreadable')).toMatchObject({ count: 3 })
  })

  it('measure the Laplacian as its definition has it', () => {
    // One bright pixel in the middle of 3×3: a single value, so no variance; in 4×3 there are two, 4 and −1.
    expect(laplacianVariance(Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0), 3, 3)).toBe(0)
    expect(laplacianVariance(Float32Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0), 3, 4)).toBe(6.25)
  })
})
