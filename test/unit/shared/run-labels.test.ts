import { describe, expect, it } from 'vitest'
import { differingSettings } from '../../../shared/differing-settings'
import { defaultName, labelsOf, LONGEST_NAME, plainText, runTitle } from '../../../shared/run-labels'

const run = (id: number, name: string, settings: Record<string, string | number> = {}) => ({ id, name, settings })
const told = (...runs: ReturnType<typeof run>[]): string[] => [...labelsOf(runs).values()]

describe('labels of runs', () => {
  it('have the number always, and the settings that differ where names are alike', () => {
    const same = { 'training.rate': 0.1, preset: 'plain' }
    expect(told(run(1, 'plain', { ...same, seed: 1 }), run(2, 'plain', { ...same, seed: 2 }), run(7, 'wide', same))).toEqual([
      '#1 plain · seed 1',
      '#2 plain · seed 2',
      '#7 wide',
    ])
  })

  it('have all of a name where there is room for it, as in a file', () => {
    const name = 'a long name '.repeat(12).trim()
    const runs = [run(1, name, { seed: 1 }), run(2, name, { seed: 2 })]
    expect(told(...runs)[0]!.length).toBeLessThan(70)
    expect([...labelsOf(runs, LONGEST_NAME).values()]).toEqual([`#1 ${name} · seed 1`, `#2 ${name} · seed 2`])
  })

  it('have eight digits of a hash', () => {
    const runs = ['a', 'b'].map((digit, i) => run(i + 1, 'net', { weights: digit.repeat(64) }))
    expect(told(...runs)).toEqual(['#1 net · weights aaaaaaaa', '#2 net · weights bbbbbbbb'])
  })

  it('differ where everything but the number is alike', () => {
    expect(told(run(3, 'a', { seed: 1 }), run(4, 'a', { seed: 1 }))).toEqual(['#3 a', '#4 a'])
  })

  it('name what one run has and another lacks, the seed last, and two settings at most', () => {
    expect(
      told(run(1, 'a', { 'training.clipNorm': 1, 'data.train': 10, seed: 1 }), run(2, 'a', { 'data.train': 20, seed: 2 })),
    ).toEqual(['#1 a · training images 10 · clipNorm 1', '#2 a · training images 20 · clipNorm –'])
  })

  it('name of many settings those that part the runs', () => {
    const one = (id: number, layers: string) =>
      run(id, 'a', { 'data.test': id > 3 ? 16 : 64, 'data.train': id > 3 ? 16 : 64, 'training.layers': layers, seed: 1 })
    expect(told(one(1, 'none'), one(2, 'all'), one(3, 'some'), one(4, 'none'))).toEqual([
      ...['#1 a · test images 64 · layers none', '#2 a · test images 64 · layers all'],
      ...['#3 a · test images 64 · layers some', '#4 a · test images 16 · layers none'],
    ])
  })

  it('name the settings where the names differ by a count alone', () => {
    expect(told(run(1, 'a', { seed: 1 }), run(2, 'a (2)', { seed: 2 }))).toEqual(['#1 a · seed 1', '#2 a (2) · seed 2'])
  })

  it('stay on one line and short, whatever the name', () => {
    expect(runTitle({ id: 1, name: 'two\nlines\u2028and\tmore' })).toBe('#1 two lines and more')
    expect(Array.from(runTitle({ id: 1, name: 'x'.repeat(200) }))).toHaveLength(43)
    expect(plainText('😀'.repeat(50), 5)).toBe('😀😀😀😀…')
    expect(plainText('<b>{a}</b>')).toBe('<b>{a}</b>')
    // An override in a name ends with the name.
    expect(plainText('\u202egnp.exe')).toBe('\u2068\u202egnp.exe\u2069')
    expect(plainText('שלום')).toBe('\u2068שלום\u2069')
    expect(runTitle({ id: 4, name: ' \n ' })).toBe('#4')
  })
})

describe('a run that nobody named', () => {
  const usual = { seed: 1, 'training.rate': 0.1, preset: 'resnet-20' }

  it('is called by its network, then with what tells it from the first', () => {
    const first = run(1, 'resnet', usual)
    expect(defaultName('resnet', usual, [])).toBe('resnet')
    expect(defaultName('resnet', { ...usual, seed: 2 }, [first])).toBe('resnet · seed 2')
    expect(defaultName('resnet', { ...usual, seed: 3, 'training.rate': 0.05 }, [first])).toBe('resnet · rate 0.05 · seed 3')
  })

  it('tells a repair by its own name', () => {
    const projected = { ...usual, 'training.projection.layers': 'transitions', 'training.checkpoint.every': 5 }
    const first = run(1, 'resnet', { ...usual, 'training.projection.layers': 'none', 'training.checkpoint.every': 0 })
    expect(defaultName('resnet', projected, [first])).toBe('resnet · projection transitions · checkpoint every 5')
  })

  it('tells what parts it from the nearest run, and what is not as usual, however the first was trained', () => {
    const plain = { 'training.batch': 32, 'training.measures.every': 1, 'training.rate': 0.1, seed: 1 }
    const runs = [run(1, 'net', { ...plain, 'training.batch': 8, 'training.measures.every': 3 })]
    const add = (settings: Record<string, string | number>): string => {
      const name = defaultName('net', { ...plain, ...settings }, runs)
      runs.push(run(runs.length + 1, name, { ...plain, ...settings }))
      return name
    }
    expect(add({})).toBe('net · batch 32 · measures every 1')
    expect(add({ seed: 2 })).toMatch(/^net · seed 2/)
    expect(add({ 'training.rate': 0.01 })).toMatch(/^net · rate 0.01/)
    expect(add({ 'training.rate': 0.01, seed: 2 })).toMatch(/^net · rate 0.01 · seed 2/)
    expect(
      add({ 'training.projection.layers': 'transitions', 'training.epochs': 6, 'training.measures.every': 10, seed: 3 }),
    ).toBe('net · projection transitions · seed 3 · epochs 6 · measures every 10')
    expect(add({ 'data.name': 'digits', 'data.test': 16 })).toBe('net · data digits · test images 16')
    expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length)
  })

  it('tells a list as its field has it', () => {
    const rule = { measure: 'loss', side: 'above', value: 5, steps: 1, action: 'pause' }
    const alarms = JSON.stringify([rule])
    expect(defaultName('a', { 'training.alarms': alarms }, [run(1, 'a')])).toBe('a · alarms loss > 5: pause')
    expect(defaultName('a', { 'training.alarms': '[{' }, [run(1, 'a')])).toBe('a · alarms [{')
  })

  it('is counted where nothing tells it apart', () => {
    const runs = [run(1, 'resnet', usual), run(2, 'resnet · seed 2', { ...usual, seed: 2 })]
    expect(defaultName('resnet', usual, runs)).toBe('resnet (2)')
    expect(defaultName('resnet', { ...usual, seed: 2 }, runs)).toBe('resnet · seed 2 (2)')
    expect(defaultName('resnet', usual, [...runs, run(3, 'resnet (2)')])).toBe('resnet (3)')
  })

  it('keeps the root of the name of the run that it is made after', () => {
    const runs = [run(1, 'wide try', usual), run(2, 'wide try · seed 2', { ...usual, seed: 2 })]
    expect(defaultName('wide try · seed 2', { ...usual, seed: 3 }, runs)).toBe('wide try · seed 3')
    expect(defaultName('a · b', usual, runs)).toBe('a · b')
  })

  it('is told apart by looking at few of ten thousand runs, and has no name of any', () => {
    let read = 0
    const runs = Array.from({ length: 10_000 }, (_, at) => ({
      id: at + 1,
      name: at === 0 ? 'resnet' : `resnet · seed ${at + 1}`,
      get settings() {
        read++
        return { ...usual, seed: at + 1 }
      },
    }))
    expect(defaultName('resnet', { ...usual, seed: 20_000 }, runs)).toBe('resnet · seed 20000')
    expect(defaultName('resnet', { ...usual, seed: 77 }, runs)).toBe('resnet · seed 77 (2)')
    expect(new Set(runs.map(({ name }) => name)).size).toBe(10_000)
    expect(read).toBeLessThan(10_000)
  })

  it('has a name of its own within the length that the store takes', () => {
    const long = 'x'.repeat(200)
    const name = defaultName(long, usual, [run(1, long, usual)])
    expect(name).toHaveLength(200)
    expect(name).not.toBe(long)
  })
})

it('settings differ where a value is another or absent, the network’s words first', () => {
  expect(
    differingSettings([
      run(1, '', { seed: 1, preset: 'a', same: 1 }),
      run(2, '', { seed: 1, preset: 'b', same: 1, 'training.x': 1 }),
    ]),
  ).toEqual(['preset', 'training.x'])
})
