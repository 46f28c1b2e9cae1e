import { readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { jsonLines, normlab, temporaryHome } from '../lab-support'

const { home, remove } = temporaryHome()
afterAll(remove)

const FEW = ['--split', 'train=0.8,validation=0.2', '--cap', '20', '--resize', '6x6', '--seed', '1']
const TRAIN = ['--batch', '16', '--steps', '2', '--rate', '0.01', '--threads', '1', '--json']

describe('datasets prepare', () => {
  it('makes a set of another one, which is shown with its recipe, trained on by its splits, and missed when it is another', async () => {
    const made = await normlab(['datasets', 'prepare', 'digits', '--name', 'few', ...FEW, '--json'], home)
    const [set] = jsonLines(made.stdout).slice(-1)
    expect([made.status, set!['images'], set!['shape']]).toEqual([0, { train: 200, validation: 200, test: 200 }, [6, 6, 1]])
    expect((await normlab(['datasets', 'show', 'few'], home)).stdout).toMatch(
      /made of digits \(hash [0-9a-f]{12}…\) by\n {2}1\. train divided into train 0\.8, validation 0\.2, class by class, seed 1\n {2}2\. at most 20 images of each class in all splits, seed 1\n {2}3\. resized to 6×6 \(area\)\n/,
    )

    const words = ['train', 'plain:blocks=1,widths=4/8', '--data', 'few', '--test-split', 'validation', ...TRAIN]
    const trained = await normlab(words, home)
    const { summary } = jsonLines(trained.stdout).at(-1) as { summary: { splits: object; id: number } }
    expect([trained.status, summary.splits]).toEqual([0, { train: 'train', test: 'validation' }])
    const csv = path.join(home, 'run.csv')
    await normlab(['runs', 'export', String(summary.id), '--out', csv], home)

    const refused = await normlab(['datasets', 'delete', 'few'], home)
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining(`run ${summary.id} used it`)])
    await normlab(['datasets', 'delete', 'few', '--yes'], home)
    const resume = ['runs', 'resume', String(summary.id), '--steps', '4', '--json']
    expect((await normlab(resume, home)).stderr).toMatch(
      /data set "few": the set that this run was started with \(hash [0-9a-f]{12}…\) is gone; import or prepare it again/,
    )
    expect((await normlab(['runs', 'show', String(summary.id)], home)).stdout).toContain('cannot go on as it is: data set "few"')
    const tested = await normlab(['test', `run:${summary.id}`, '--data', 'few', '--split', 'validation'], home)
    expect([tested.status, tested.stderr]).toEqual([2, expect.stringContaining('is gone')])
    // By another name, and known by its hash.
    await normlab(['datasets', 'prepare', 'digits', '--name', 'again', ...FEW], home)
    expect((await normlab(resume, home)).status).toBe(0)
    const same = await normlab(['test', `run:${summary.id}`, '--data', 'few', '--split', 'validation', '--json'], home)
    expect([same.status, jsonLines(same.stdout).at(-1)!['data']]).toEqual([0, 'again'])
    await normlab(['datasets', 'delete', 'again'], home)
    await normlab(['datasets', 'prepare', 'digits', '--name', 'few', ...FEW.slice(0, -1), '2'], home)
    expect((await normlab([...resume.slice(0, -2), '6'], home)).stderr).toContain(
      'data set "few": its images or labels are others than when this run was started',
    )
  }, 120_000)

  it('tells what a recipe would come to, and refuses what does not fit with 2 and one sentence', async () => {
    const file = path.join(home, 'recipe.json')
    const recipe = {
      steps: [
        { step: 'classes', classes: ['1', '7'] },
        { step: 'imbalance', ratio: 10 },
      ],
    }
    writeFileSync(file, JSON.stringify(recipe))
    const planned = await normlab(['datasets', 'prepare', 'digits', '--name', 'x', '--recipe', file, '--plan', '--json'], home)
    const stages = jsonLines(planned.stdout) as { says?: string; splits?: { classCounts: number[] }[] }[]
    expect(stages.filter(({ says }) => says !== undefined).map(({ says }) => says)).toEqual([
      'digits',
      'classes 1, 7',
      'a long tail of 10 to 1 in train, seed 1',
    ])
    expect(stages.at(-1)!.splits![0]!.classCounts[1]).toBe(14)
    for (const [words, sentence] of [
      [['--classes', 'eleven'], 'step "classes": there is no class "eleven"; there are 0, 1, 2'],
      [['--resize', '32'], '--resize: "32" is no size; write height and width like 32x32'],
      [['--split', 'train=0.5'], '--split: must come to 1 in all'],
      [[], 'datasets prepare: there is no step'],
    ] as const) {
      const { status, stderr } = await normlab(['datasets', 'prepare', 'digits', '--name', 'y', ...words], home)
      expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)])
    }
    expect(readdirSync(path.join(home, 'datasets')).filter((name) => name.includes('import'))).toEqual([])
  }, 120_000)
})
