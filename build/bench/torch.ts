import path from 'node:path'
import { UserError } from '../../shared/errors'
import { cached, hasFiles } from '../prepare/cache'
import { CommandMissing, run } from '../prepare/command'

/** The PyTorch that the peer program runs with. */
const TORCH = '2.15.0'

/** A Python with PyTorch for the peer program. */
export interface TorchEnvironment {
  readonly python: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * PyTorch in a folder of its own in the cache (some gigabytes: its wheel brings CUDA along), away from the user's Python.
 * @throws UserError where pip fails.
 */
export async function prepareTorch(): Promise<TorchEnvironment> {
  const folder = await cached({
    name: `bench-torch-${TORCH}`,
    peakBytes: 12e9,
    isWhole: (candidate) => hasFiles(candidate, ['torch/__init__.py', 'numpy/__init__.py']),
    make: async (target) => {
      process.stderr.write(`Installing PyTorch ${TORCH} for the comparison; this takes some minutes\n`)
      const packages = [`torch==${TORCH}`, 'numpy']
      const outcome = await run('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, ...packages]).catch(
        (error: unknown) => {
          throw error instanceof CommandMissing
            ? new UserError('there is no python3', { place: 'bench', remedy: 'install Python 3 with pip' })
            : error
        },
      )
      if (outcome.status !== 0)
        throw new UserError(`pip does not install PyTorch (${outcome.stderr.trim().split('\n').pop()})`, {
          place: path.basename(target),
        })
    },
  })
  return { python: 'python3', env: { ...process.env, PYTHONPATH: folder } }
}
