import { alternate, compare, median, ours, print, program } from './figures'
import type { OperationCost } from './trace'

/** What a choice costs, against the same step without it. */
export async function choices(rounds: number, wanted: (name: string) => boolean): Promise<void> {
  for (const [blocks, batch, steps] of [
    [3, 32, 40],
    [18, 32, 12],
  ] as const) {
    const label = `blocks=${blocks},batch=${batch}`
    const preset = `proc-resnet:blocks=${blocks}`
    const against = async (name: string, words: string[], other: string[]): Promise<void> => {
      if (!wanted(`${name} ${label}`)) return
      const pairs = await alternate(
        rounds,
        () => ours(preset, batch, steps, ...words),
        () => ours(preset, batch, steps, ...other),
      )
      compare(`step with ${name} over step without, ${label}`, 'ms', pairs, ({ ms_median }) => ms_median)
      if (name === 'recomputation')
        compare(`peak memory with ${name} over without, ${label}`, 'MB', pairs, ({ rss_mb }) => rss_mb)
    }
    await against('norms', [], ['bare'])
    await against('recomputation', ['recompute=1'], [])
    await against('Muon', ['muon'], [])
    await against('SOAP', ['soap'], [])
  }
}

/** Time of a step for each residual block, from ten layers to a thousand. */
export async function depth(rounds: number, wanted: (name: string) => boolean): Promise<void> {
  if (!wanted('depth cost per block')) return
  const times = new Map<number, number[]>()
  for (let round = 0; round < rounds; round++)
    for (const blocks of [1, 3, 11, 37, 111]) {
      const { ms_median } = await ours(`proc-resnet:blocks=${blocks}`, 8, Math.max(3, Math.round(60 / blocks)))
      times.set(blocks, [...(times.get(blocks) ?? []), ms_median])
    }
  const step = (blocks: number): number => median(times.get(blocks)!)
  for (const [from, to] of [
    [1, 3],
    [3, 11],
    [11, 37],
    [37, 111],
  ] as const)
    print({
      name: `cost of a further block, ${9 * from + 4} to ${9 * to + 4} layers, batch=8`,
      value: (step(to) - step(from)) / (3 * (to - from)),
      unit: 'ms',
    })
}

/** How far a step is from what the machine can do, and where its time goes. */
export async function limits(wanted: (name: string) => boolean): Promise<void> {
  if (!wanted('limits')) return
  const machine = await program<{ flops_per_second: number; bytes_per_second: number }>('limits')
  print({ name: 'matrix product 2048×2048', value: machine.flops_per_second / 1e9, unit: 'GFLOP/s' })
  print({ name: 'sum of long vectors', value: machine.bytes_per_second / 1e9, unit: 'GB/s' })
  for (const [blocks, batch] of [
    [3, 32],
    [18, 32],
    [111, 8],
  ] as const) {
    const label = `blocks=${blocks},batch=${batch}`
    const { ms, flops, operations } = await program<{ ms: number; flops: number; operations: OperationCost[] }>(
      'profile',
      `proc-resnet:blocks=${blocks}`,
      `${batch}`,
    )
    const bytes = operations.reduce((sum, operation) => sum + operation.bytes, 0)
    const total = operations.reduce((sum, operation) => sum + operation.ms, 0)
    print({ name: `step, ${label}`, value: ms, unit: 'ms' })
    print({
      name: `its arithmetic at the matrix product's speed, ${label}`,
      value: (1000 * flops) / machine.flops_per_second,
      unit: 'ms',
    })
    print({
      name: `its operations' bytes at the sum's speed, ${label}`,
      value: (1000 * bytes) / machine.bytes_per_second,
      unit: 'ms',
    })
    for (const { op, calls, ms: time } of operations.filter((operation) => operation.ms > total / 100))
      print({ name: `share of ${op} (${calls}), ${label}`, value: (100 * time) / total, unit: '%' })
  }
}
