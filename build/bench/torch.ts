import path from 'node:path'
import { cacheFolder } from '../../main/resources'
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

const FOLDER = `bench-torch-${TORCH}`
const isWhole = (folder: string): boolean => hasFiles(folder, ['torch/__init__.py', 'numpy/__init__.py'])
/** torchvision and timm, which would bring another PyTorch along if they were asked what they need. */
const VISION = ['torchvision', 'timm', 'pillow', 'pyyaml', 'safetensors', 'huggingface_hub<1']

/** PyTorch where it was prepared before, and the networks of torchvision and timm where those were: nothing is fetched. */
export function torchAtHand(): TorchEnvironment | undefined {
  const folder = path.join(cacheFolder(), FOLDER)
  return isWhole(folder) ? environment([folder, path.join(cacheFolder(), `${FOLDER}-vision`)]) : undefined
}

const environment = (folders: readonly string[]): TorchEnvironment => ({
  python: 'python3',
  env: { ...process.env, PYTHONPATH: folders.join(path.delimiter) },
})

/** Networks that others wrote, for the recorder's tests: `npm run bench -- --only recorder` prepares them. @throws UserError where pip fails. */
export async function prepareVision(): Promise<void> {
  await cached({
    name: `${FOLDER}-vision`,
    peakBytes: 1e9,
    isWhole: (candidate) => hasFiles(candidate, ['torchvision/__init__.py', 'timm/__init__.py']),
    make: (target) => install(target, ['--no-deps', ...VISION]),
  })
}

/**
 * PyTorch in a folder of its own in the cache (some gigabytes: its wheel brings CUDA along), away from the user's Python.
 * @throws UserError where pip fails.
 */
export async function prepareTorch(): Promise<TorchEnvironment> {
  const folder = await cached({
    name: FOLDER,
    peakBytes: 12e9,
    isWhole,
    make: async (target) => {
      process.stderr.write(`Installing PyTorch ${TORCH} for the comparison; this takes some minutes\n`)
      await install(target, [`torch==${TORCH}`, 'numpy'])
    },
  })
  return environment([folder])
}

async function install(target: string, packages: readonly string[]): Promise<void> {
  const words = ['-m', 'pip', 'install', '--quiet', '--target', target, ...packages]
  const outcome = await run('python3', words).catch((error: unknown) => {
    throw error instanceof CommandMissing
      ? new UserError('there is no python3', { place: 'bench', remedy: 'install Python 3 with pip' })
      : error
  })
  if (outcome.status !== 0)
    throw new UserError(`pip does not install ${packages[0]} (${outcome.stderr.trim().split('\n').pop()})`, {
      place: path.basename(target),
    })
}
