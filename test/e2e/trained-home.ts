import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { withLock } from '../../build/lock'
import { root } from './app-driver'

const out = path.join(root, 'out')
const PROGRAMS = ['cli.js', 'engine/host.js', 'engine/worker.js'].map((name) => path.join(out, 'main', name))

const variant = (label: string, network: string) => ({ label, set: { network } })
const DEFINITION = JSON.stringify({
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
})

/**
 * Puts six small runs into a data folder, trained as one experiment: two networks, three seeds; every second step is measured. They are trained once by
 * each NormLab, and copied.
 */
export async function trainExperiment(home: string): Promise<void> {
  const hash = createHash('sha256').update(DEFINITION)
  for (const program of PROGRAMS) hash.update(readFileSync(program))
  const kept = path.join(out, 'tests', `trained-${hash.digest('hex').slice(0, 16)}`)
  // Another file may be about to do the same.
  if (!existsSync(kept))
    await withLock(path.join(out, 'tests/.trained.lock'), 'training runs for tests', async () => {
      if (existsSync(kept)) return
      const aside = mkdtempSync(path.join(out, 'tests/.training-'))
      const file = path.join(aside, 'experiment.json')
      writeFileSync(file, DEFINITION)
      await promisify(execFile)(process.execPath, [path.join(out, 'main/cli.js'), 'experiment', file, '--home', aside])
      renameSync(aside, kept)
    })
  cpSync(kept, home, { recursive: true })
}
