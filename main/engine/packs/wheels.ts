import type { TensorflowKind } from '../../resources'

/** A wheel that is fetched from the package index and known to the byte. */
export interface Wheel {
  /** Name and version on the index. */
  readonly project: string
  readonly version: string
  /** What pip is told, so that the choice does not depend on the Python that runs it. */
  readonly pythonVersion: string
  readonly platforms: readonly string[]
  readonly bytes: number
  readonly sha256: string
}

const linux = (machine: string) => ['manylinux_2_27', 'manylinux_2_17', 'manylinux2014'].map((tag) => `${tag}_${machine}`)

/** The TensorFlow wheels by `<process.arch>-<kind>`. On 64-bit ARM the index calls the CPU build `tensorflow`. */
export const TENSORFLOW_WHEELS: Readonly<Record<string, Wheel>> = {
  'x64-cpu': {
    project: 'tensorflow-cpu',
    version: '2.21.0',
    pythonVersion: '3.11',
    platforms: linux('x86_64'),
    bytes: 273829956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
  'arm64-cpu': {
    project: 'tensorflow',
    version: '2.21.0',
    pythonVersion: '3.11',
    platforms: linux('aarch64'),
    bytes: 281828020,
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
  },
  'x64-gpu': {
    project: 'tensorflow',
    version: '2.21.0',
    pythonVersion: '3.11',
    platforms: linux('x86_64'),
    bytes: 572440367,
    sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
  },
}

const nvidia = (name: string, version: string, bytes: number, sha256: string): Wheel => ({
  project: `nvidia-${name}-cu12`,
  version,
  pythonVersion: '3.11',
  platforms: [...linux('x86_64'), 'manylinux1_x86_64'],
  bytes,
  sha256,
})

/**
 * The CUDA libraries that the GPU build of TensorFlow 2.21 asks for (its extra `and-cuda`), without the compiler nvcc: only XLA
 * would use it.
 */
export const NVIDIA_WHEELS: readonly Wheel[] = [
  nvidia('cublas', '12.9.3.13', 581217458, 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72'),
  nvidia('cuda-cupti', '12.8.90', 10248621, 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182'),
  nvidia('cuda-nvrtc', '12.9.86', 89568129, '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4'),
  nvidia('cuda-runtime', '12.9.79', 3493179, '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3'),
  nvidia('cudnn', '9.28.0.42', 716538495, '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375'),
  nvidia('cufft', '11.4.1.4', 200877592, 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28'),
  nvidia('curand', '10.3.10.19', 68295626, '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e'),
  nvidia('cusolver', '11.7.5.82', 338117415, '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88'),
  nvidia('cusparse', '12.5.10.65', 366465088, '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78'),
  nvidia('nccl', '2.32.3', 351526311, 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c'),
  nvidia('nvjitlink', '12.9.86', 39748338, 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9'),
]

/**
 * The wheels that an engine of a kind is made of, TensorFlow's first; none where there is no such engine.
 *
 * @param arch As Node calls it: `x64`.
 */
export function wheelsOf(kind: TensorflowKind, arch: string = process.arch): readonly Wheel[] {
  const tensorflow = TENSORFLOW_WHEELS[`${arch}-${kind}`]
  if (!tensorflow) return []
  return kind === 'gpu' ? [tensorflow, ...NVIDIA_WHEELS] : [tensorflow]
}
