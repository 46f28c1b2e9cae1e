import { describe, expect, it } from 'vitest'
import { cellsOf } from '../../../shared/experiments/expand'
import { ExperimentDefinition } from '../../../shared/experiments/experiment'
import { readyExperiments } from '../../../shared/experiments/ready'
import { Catalogue } from '../../../main/datasets/catalogue'
import { planCells } from '../../../main/lab/experiments'

const catalogue = new Catalogue('')

const grid = ExperimentDefinition.parse({
  name: 'grid',
  base: { network: 'plain:blocks=1', training: { rate: 0.1, projection: { layers: 'none' } } },
  axes: [
    { name: 'rate', variants: [0.1, 0.2].map((rate) => ({ label: `rate ${rate}`, set: { 'training.rate': rate } })) },
    {
      name: 'repair',
      variants: [
        { label: 'none', set: {} },
        { label: 'all', set: { 'training.projection.layers': 'all', network: 'resnet:blocks=1' } },
      ],
    },
  ],
  seeds: [1, 2],
})

describe('an experiment', () => {
  it('is every combination with every seed, later axes over earlier ones over the base', () => {
    const cells = cellsOf(grid)
    expect(cells).toHaveLength(8)
    expect(cells[7]).toEqual({
      cell: { labels: ['rate 0.2', 'all'], seed: 2 },
      name: 'rate 0.2 · all · seed 2',
      input: { network: 'resnet:blocks=1', data: {}, training: { rate: 0.2, projection: { layers: 'all' } }, seed: 2 },
    })
    expect(cells[0]!.input.training).toEqual({ rate: 0.1, projection: { layers: 'none' } })
  })

  it('sets an option of a preset’s words, whichever axis the preset came from', () => {
    const set = (label: string, of: Record<string, unknown>) => ({ label, set: of })
    const axes = [
      {
        name: 'depth',
        variants: [set('20 layers', { network: 'resnet-20:input=16x16x3' }), set('3 blocks', { 'network.blocks': 3 })],
      },
      { name: 'width', variants: [set('narrow', { 'network.widths': '4/8' })] },
    ]
    expect(cellsOf({ ...grid, axes, seeds: [1] }).map(({ input }) => input.network)).toEqual([
      'resnet:blocks=3,input=16x16x3,widths=4/8',
      'plain:blocks=3,widths=4/8',
    ])
    const multiplied = [{ name: 'exponent', variants: [set('½', { 'network.depth-alpha': 0.5 })] }]
    expect(ExperimentDefinition.safeParse({ ...grid, axes: multiplied }).success).toBe(true)
    const drawn = { ...grid, base: { ...grid.base, network: { nodes: [] } as never }, axes: [axes[1]!] }
    expect(() => cellsOf(drawn)).toThrow('network.widths: a network that was drawn has no options')
    const misspelt = { ...grid, axes: [{ name: 'a', variants: [set('x', { 'network.blcks': 3 })] }] }
    expect(() => planCells(catalogue, misspelt)).toThrow('plain has no option “blcks”')
  })

  it('refuses labels that are given twice, and grids that nobody meant', () => {
    const twice = {
      ...grid,
      axes: [
        {
          name: 'a',
          variants: [
            { label: 'x', set: {} },
            { label: 'x', set: {} },
          ],
        },
      ],
    }
    expect(() => cellsOf(twice)).toThrow('axis "a": two variants are called "x"')
    expect(() => cellsOf({ ...grid, seeds: Array.from({ length: 900 }, (_, i) => i) })).toThrow('the grid has 3600 runs')
  })

  it('names the cell whose settings are wrong', () => {
    const wrong = { ...grid, axes: [{ name: 'batch', variants: [{ label: 'none', set: { 'training.batch': 0 } }] }] }
    expect(() => planCells(catalogue, wrong)).toThrow(/cell "none · seed 1": .*batch|cell "none · seed 1"/)
  })

  it('plans a cell of another seed as if it were the only one', () => {
    const together = planCells(catalogue, grid)
    const alone = grid.seeds.flatMap((seed) => planCells(catalogue, { ...grid, seeds: [seed] }))
    const told = (plans: typeof together): string[] =>
      plans.map(({ run, configuration, network }) => JSON.stringify([run.cell, configuration, network.name])).sort()
    expect(told(together)).toEqual(told(alone))
  })

  it('takes no path that is no setting', () => {
    for (const path of ['__proto__.x', 'training', 'name', 'training.__proto__.polluted.x/y'])
      expect(
        ExperimentDefinition.safeParse({ ...grid, axes: [{ name: 'a', variants: [{ label: 'x', set: { [path]: 1 } }] }] })
          .success,
      ).toBe(false)
  })
})

describe.each(readyExperiments.flatMap((ready) => ready.sizes.map((size) => ({ name: `${ready.name} ${size.name}`, size }))))(
  'the ready experiment $name',
  ({ size }) => {
    it('can be planned, every cell of it', () => {
      const definition = ExperimentDefinition.parse(size.definition)
      expect(planCells(catalogue, definition).length).toBeGreaterThan(1)
    })
  },
)
