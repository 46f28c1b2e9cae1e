import { mkdir, readdir, rename, rm, symlink, readlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { BINDING_FINGERPRINT, tensorflowFolderName, wantedTensorflow, type TensorflowKind } from '../../main/resources'
import { LIBRARIES, ofNvidia, ofTensorflow } from '../../main/engine/packs/contents'
import { unzip } from '../../main/engine/packs/unzip'
import { NVIDIA_WHEELS, TENSORFLOW_WHEELS, type Wheel } from '../../main/engine/packs/wheels'
import { UserError } from '../../shared/errors'
import { bindingFingerprint, buildBinding, findCompiler } from './binding'
import { cached, hasFiles } from './cache'
import { exists, run } from './command'
import { downloadWheel } from './download'

/** What the binding and the kernels include, directly or not: about a tenth of the headers in the wheel. */
const HEADERS = [
  'tensorflow/c/',
  ...['framework', 'graph', 'lib', 'platform', 'protobuf', 'util'].map((name) => `tensorflow/core/${name}/`),
  ...['xla/tsl/', 'tsl/', 'absl/', 'google/protobuf/', 'ml_dtypes/', 'Eigen/', 'unsupported/Eigen/'],
]

/** Bytes at the peak of the making, measured and rounded up. */
const PEAK_BYTES: Readonly<Record<TensorflowKind, number>> = { cpu: 1.6e9, gpu: 6.5e9 }

/**
 * Makes sure that TensorFlow and its binding are in the cache.
 * @param nodeModules The folder of the npm packages; the binding is also linked into @tensorflow/tfjs-node-gpu there.
 * @param kind What it is built for; what this machine wants where it is not said.
 * @returns The folder: `tfjs_binding.node` and `lib/`.
 */
export async function prepareTensorflow(nodeModules: string, kind: TensorflowKind = wantedTensorflow()): Promise<string> {
  if (bindingFingerprint() !== BINDING_FINGERPRINT) {
    throw new Error(`the binding's recipe has changed: set BINDING_FINGERPRINT in main/resources.ts to '${bindingFingerprint()}'`)
  }
  const folder = await cached({
    name: tensorflowFolderName(kind),
    peakBytes: PEAK_BYTES[kind],
    isWhole: (candidate) =>
      hasFiles(candidate, ['made.json', 'licences/LICENSE', 'tfjs_binding.node', ...LIBRARIES.map((name) => `lib/${name}`)]),
    make: (aside) => makeTensorflow(kind, nodeModules, aside),
  })
  await linkBinding(nodeModules, folder)
  return folder
}

async function makeTensorflow(kind: TensorflowKind, nodeModules: string, folder: string): Promise<void> {
  const wheel = wheelFor(kind)
  // Asked for first: nobody should wait for 270 MB to learn that a compiler is missing.
  await findCompiler()
  await requireStrip()
  const scratch = path.join(folder, 'scratch')
  const file = await downloadWheel(wheel, scratch)
  process.stderr.write('Unpacking TensorFlow and building its binding (half a minute)\n')
  await unzip(file, scratch, (name) => {
    const inside = name.replace(/^tensorflow\//, '')
    return ofTensorflow(name) ?? (HEADERS.some((prefix) => inside.startsWith(`include/${prefix}`)) ? inside : undefined)
  })
  await rm(file)
  await mkdir(path.join(folder, 'lib'))
  await rename(path.join(scratch, 'licences'), path.join(folder, 'licences'))
  await Promise.all(LIBRARIES.map((name) => strip(path.join(scratch, 'lib', name), path.join(folder, 'lib', name))))
  await buildBinding(nodeModules, path.join(scratch, 'include'), scratch, folder)
  if (kind === 'gpu') for (const wheel of NVIDIA_WHEELS) await addCudaLibraries(wheel, scratch, folder)
  await rm(scratch, { recursive: true })
  const made = {
    wheel: `${wheel.project} ${wheel.version}`,
    sha256: wheel.sha256,
    binding: BINDING_FINGERPRINT,
    libraries: await readdir(path.join(folder, 'lib')),
  }
  await writeFile(path.join(folder, 'made.json'), JSON.stringify(made, null, 2) + '\n')
}

async function addCudaLibraries(wheel: Wheel, scratch: string, folder: string): Promise<void> {
  const file = await downloadWheel(wheel, scratch)
  await unzip(file, folder, ofNvidia)
  await rm(file)
}

function wheelFor(kind: TensorflowKind): Wheel {
  const wheel = process.platform === 'linux' ? TENSORFLOW_WHEELS[`${process.arch}-${kind}`] : undefined
  if (wheel) return wheel
  throw new UserError(`there is no TensorFlow for ${process.platform} on ${process.arch} (${kind}) here`, {
    remedy: kind === 'gpu' ? 'set NORMLAB_DEVICE=cpu' : 'use Linux on a 64-bit x86 or ARM machine (WSL 2 on Windows)',
  })
}

async function requireStrip(): Promise<void> {
  if (await exists('strip')) return
  throw new UserError('the program strip was not found, and without it TensorFlow takes twice the space', {
    remedy: 'install binutils (Debian and Ubuntu: apt-get install binutils), then run this again',
  })
}

async function strip(from: string, to: string): Promise<void> {
  const { status, stderr } = await run('strip', ['--strip-unneeded', '-o', to, from])
  await rm(from)
  if (status === 0) return
  if (/No space left on device/.test(stderr)) throw Object.assign(new Error(stderr), { code: 'ENOSPC' })
  throw new UserError(`strip failed (${stderr.trim()})`, { place: path.basename(from), remedy: 'run this again' })
}

/** Lets `require('@tensorflow/tfjs-node-gpu')` find the binding: the tests use it as a second witness. */
async function linkBinding(nodeModules: string, folder: string): Promise<void> {
  const link = path.join(nodeModules, '@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node')
  const target = path.join(folder, 'tfjs_binding.node')
  if ((await readlink(link).catch(() => undefined)) === target) return
  await mkdir(path.dirname(link), { recursive: true })
  await rm(link, { force: true })
  await symlink(target, link).catch((error: NodeJS.ErrnoException) => {
    // Two of us at once: the other one's link is as good.
    if (error.code !== 'EEXIST') throw error
  })
}
