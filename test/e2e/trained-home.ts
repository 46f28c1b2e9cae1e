import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './app-driver'

/** Trains six small runs into a data folder as one experiment: two networks, three seeds; every second step is measured. */
export function trainExperiment(home: string): void {
  const file = path.join(home, 'experiment.json')
  const variant = (label: string, network: string) => ({ label, set: { network } })
  const definition = {
    name: 'Skips, or "none", and what they do to a gradient that comes from far away',
    claim: 'Skips keep the norm of the gradient.',
    base: {
      network: 'plain:blocks=1,widths=4/8',
      data: { name: 'shapes10', train: 32, test: 32 },
      training: { epochs: 3, batch: 8, measures: { every: 2 } },
    },
    axes: [
      {
        name: 'network',
        variants: [
          variant('plain, without', 'plain:blocks=1,widths=4/8'),
          variant('with skips', 'proc-resnet:blocks=2,planes=4/8'),
        ],
      },
    ],
    seeds: [1, 2, 3],
  }
  writeFileSync(file, JSON.stringify(definition))
  const { status, stderr } = spawnSync(
    process.execPath,
    [path.join(root, 'out/main/cli.js'), 'experiment', file, '--home', home],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(stderr)
}
