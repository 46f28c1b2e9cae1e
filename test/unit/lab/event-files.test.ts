import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { crc32c } from '../../../main/formats/tfevents/crc32c'
import { readScalars, scalarsRecord, versionRecord } from '../../../main/formats/tfevents'
import { framed } from '../../../main/formats/tfevents/records'
import { eventFiles } from '../../../main/lab/event-files'
import { exportEvents } from '../../../main/lab/export-events'
import { importEvents } from '../../../main/lab/import-events'
import { Checkpoints } from '../../../main/store/checkpoints'
import { Store } from '../../../main/store/store'
import { meaningOf } from '../../../shared/scalar-tags'

let folder: string
let store: Store
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'normlab-events-'))
  store = new Store(path.join(folder, 'home'))
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})
const bring = (place: string): number => importEvents(store, new Checkpoints(store.home), place, eventFiles(place)!)
const noticesOf = (run: number): string =>
  store.runs
    .get(run)
    .notices.map(({ message }) => message)
    .join('\n')

/** Ten steps from 0 as PyTorch programs log them, tested after the fifth and the tenth. */
function written(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true })
  const pieces = [versionRecord(1000)]
  for (let step = 0; step < 10; step++) {
    pieces.push(scalarsRecord(step, 1000 + step, [['train/loss', 1 / (step + 1)], ['lr', 0.1], ['odd/thing', 7]])) // prettier-ignore
    if (step % 5 === 4)
      pieces.push(
        scalarsRecord(step, 1000 + step, [
          ['val/acc', 0.5 + step / 100],
          ['val/loss', 2],
        ]),
      )
  }
  writeFileSync(file, Buffer.concat(pieces))
  return file
}

describe('event files', () => {
  it('have check sums as published', () => {
    // RFC 3720, B.4: 32 bytes of zeros; and the usual check word.
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  })

  it('become a run, with a report of what was taken and what was left', () => {
    const run = bring(written(path.join(folder, 'logs/resnet/events.out.tfevents.1')))
    const steps = store.steps.between(run, 1, 100)
    expect(steps.map(({ step, epoch, loss }) => [step, epoch, loss])).toEqual(
      Array.from({ length: 10 }, (_, i) => [i + 1, i < 5 ? 1 : 2, Math.fround(1 / (i + 1))]),
    )
    expect(store.epochs.all(run)).toMatchObject([
      { epoch: 1, firstStep: 1, lastStep: 5, testLoss: 2, testAccuracy: Math.fround(0.54) },
      { epoch: 2, firstStep: 6, lastStep: 10, testAccuracy: Math.fround(0.59) },
    ])
    expect(store.runs.get(run)).toMatchObject({
      state: 'done',
      origin: { kind: 'tensorboard' },
      startedAt: '1970-01-01T00:16:40.000Z',
    })
    const report = noticesOf(run)
    expect(report).toContain('train/loss as loss (10)')
    expect(report).toContain('odd/thing (no measure has such a name)')
    expect(report).toContain('counted from 0')
  })

  it('of a folder are one run, those of a validation folder its tests', () => {
    written(path.join(folder, 'keras/train/events.out.tfevents.1'))
    writeFileSync(
      path.join(folder, 'keras/train/events.out.tfevents.1'),
      Buffer.concat([0, 1].map((step) => scalarsRecord(step, 5, [['epoch_loss', 3 - step]]))),
    )
    mkdirSync(path.join(folder, 'keras/validation'))
    writeFileSync(
      path.join(folder, 'keras/validation/events.out.tfevents.2'),
      Buffer.concat([0, 1].map((step) => scalarsRecord(step, 5, [['epoch_loss', 4 - step], ['epoch_accuracy', step / 2]]))), // prettier-ignore
    )
    const run = bring(path.join(folder, 'keras'))
    expect(store.steps.between(run, 1, 9).map(({ loss }) => loss)).toEqual([3, 2])
    expect(store.epochs.all(run)).toMatchObject([{ testLoss: 4, testAccuracy: 0 }, { testLoss: 3, testAccuracy: 0.5 }]) // prettier-ignore
    expect(() => eventFiles(folder)).toThrow(/no event files of a run/)
  })

  it('have each test in the epoch that it ends, whatever the epochs are called', () => {
    const file = path.join(folder, 'epochs.tfevents')
    const epochs = [4, 5, 6, 7, 8, 9]
    const pieces = epochs.flatMap((epoch, i) =>
      [0, 1, 2].map((step) =>
        scalarsRecord(3 * i + step, 5, [
          ['loss', 1],
          ['epoch', epoch],
          ...(step === 2 ? ([['val/loss', epoch]] as [string, number][]) : []),
        ]),
      ),
    )
    writeFileSync(file, Buffer.concat(pieces))
    const all = store.epochs.all(bring(file))
    expect(all.map(({ epoch, testLoss }) => [epoch, testLoss])).toEqual(epochs.map((epoch) => [epoch + 1, epoch]))
  })

  it('have no accuracy of a series that is in percent', () => {
    const file = path.join(folder, 'percent.tfevents')
    const values = [0.4, 0.9, 12, 50, 76]
    const pieces = values.map((value, step) =>
      scalarsRecord(step, 5, [
        ['loss', 1],
        ['train/acc', value / 100],
        ['val/acc', value],
        ['val/loss', 2],
      ]),
    )
    writeFileSync(file, Buffer.concat(pieces))
    const run = bring(file)
    expect(store.epochs.all(run).map(({ testAccuracy }) => testAccuracy)).toEqual(values.map(() => NaN))
    expect(store.steps.between(run, 1, 9).map(({ accuracy }) => accuracy)).toEqual(
      values.map((value) => Math.fround(value / 100)),
    )
    expect(noticesOf(run)).toMatch(/val\/acc \(its values are none of such a measure/)
  })

  it('that are cut off or damaged give what is whole before that, and say so', () => {
    const file = written(path.join(folder, 'a.tfevents'))
    const { length } = readFileSync(file)
    truncateSync(file, length - 3)
    let run = bring(file)
    expect(noticesOf(run)).toMatch(/ends within a record.*what is before that was taken/)
    expect(store.steps.count(run)).toBe(10)
    const bytes = readFileSync(file)
    bytes[300]! ^= 255
    writeFileSync(file, bytes)
    run = bring(file)
    expect(noticesOf(run)).toMatch(/is damaged at byte \d+/)
    expect(store.steps.count(run)).toBeLessThan(9)
  })

  it('of hostile content are refused in a sentence, and nothing of them stays', () => {
    const file = path.join(folder, 'b.tfevents')
    for (const [content, sentence] of [
      [framed(Buffer.from('this is no event')), /no scalar in it/],
      [versionRecord(1), /no scalar in it/],
      [scalarsRecord(5, 1, [['histogram', 1]]), /no scalar in it.*histogram \(no measure has such a name\)/],
      [scalarsRecord(2 ** 40, 1, [['loss', 1]]), /no scalar in it.*a step is none from 0/],
      [scalarsRecord(5, 1, [['accuracy', 93]]), /its values are none of such a measure/],
    ] as const) {
      writeFileSync(file, content)
      expect(() => bring(file)).toThrow(sentence)
    }
    const huge = Buffer.alloc(12)
    huge.writeBigUInt64LE(2n ** 60n)
    writeFileSync(file, huge)
    expect(eventFiles(file)).toBeUndefined()
    writeFileSync(file, scalarsRecord(1, NaN, [['loss', NaN], ['loss', 1]])) // prettier-ignore
    appendFileSync(file, scalarsRecord(1, -1e300, [['__proto__', 1], ['constructor', 2]])) // prettier-ignore
    expect(store.steps.between(bring(file), 1, 9)).toMatchObject([{ step: 1, loss: 1 }])
    expect(store.runs.all()).toHaveLength(1)
  })

  it('that a run was written to bring it back: measures, norms and tests', () => {
    const origin = { kind: 'tensorboard', framework: 'event files' } as const
    const first = bring(written(path.join(folder, 'c.tfevents')))
    expect(store.runs.get(first).origin).toMatchObject(origin)
    const file = path.join(folder, 'norms.tfevents')
    const norms = (step: number): [string, number][] => [['norm/stem', step], ['norm/block1', 2 * step], ['norm/end', 4]] // prettier-ignore
    writeFileSync(file, Buffer.concat([1, 2, 3].map((step) => scalarsRecord(step, step, [['loss', step], ...norms(step)]))))
    const run = bring(file)
    const out = path.join(folder, 'again.tfevents')
    expect(exportEvents(store, store.runs.get(run), out)).toBe(3)
    const again = bring(out)
    expect(store.steps.between(again, 1, 9)).toEqual(store.steps.between(run, 1, 9))
    expect(store.runs.get(again).units).toEqual([{ name: 'stem', kind: 'stem', shape: [] }, { name: 'block1', kind: 'block', shape: [] }]) // prettier-ignore
    const tags = [...readScalars(out, () => undefined, () => undefined)].map(({ tag }) => tag) // prettier-ignore
    expect(new Set(tags)).toContain('chainRatio')
  })

  it('are read by their tags as programs write them', () => {
    const words = (tag: string, isOfTest = false): string => {
      const meaning = meaningOf(tag, isOfTest)
      return meaning === null ? 'none' : 'field' in meaning ? `${meaning.of} ${meaning.field}` : meaning.of
    }
    expect(
      ['loss', 'Loss/train', 'train/loss', 'train_loss', 'epoch_loss', 'train_loss_step', 'perf/train/loss'].map((tag) =>
        words(tag),
      ),
    ).toEqual(Array(7).fill('step loss'))
    expect(['val_loss', 'Loss/val', 'eval/loss', 'validation/cross_entropy_loss', 'test_loss'].map((tag) => words(tag))).toEqual(
      Array(5).fill('test loss'),
    )
    expect(['val/acc', 'val_accuracy', 'Accuracy/test'].map((tag) => words(tag))).toEqual(Array(3).fill('test accuracy'))
    expect(words('epoch_sparse_categorical_accuracy', true)).toBe('test accuracy')
    expect(['lr', 'lr-SGD', 'train/learning_rate', 'lr-AdamW'].map((tag) => words(tag))).toEqual(Array(4).fill('step rate'))
    expect(['train/grad_norm', 'epoch', 'norm/a'].map((tag) => words(tag))).toEqual(['step gradientNorm', 'epoch', 'norm'])
    expect(['aux_loss', 'loss_scale', 'weights/layer1', 'val/lr', ''].map((tag) => words(tag))).toEqual(Array(5).fill('none'))
  })
})
