import path from 'node:path'
import { createRequire } from 'node:module'
import { UserError } from '../../../shared/errors'
import { tensorflowFolder } from '../../resources'

/** What we use of the native binding of @tensorflow/tfjs-node-gpu (its binding.ts names these). */
export interface TensorflowBinding {
  /** TensorFlow's version. */
  readonly TF_Version: string
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array | readonly Uint8Array[]): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array
  loadSavedModel(folder: string, tags: string): number
  /** Starts a server of the distributed runtime on the loopback, for as long as the process lives. @returns the target of sessions on it. */
  startServer(serverDef: Uint8Array): string
  deleteSavedModel(session: number): void
  runSavedModel(
    session: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): { id: number; shape: number[]; dtype: number }[]
  isUsingGpuDevice(): boolean
}

let loaded: TensorflowBinding | undefined

/**
 * TensorFlow, loaded once into this process.
 * @throws UserError where its folder is missing or its libraries do not load.
 */
export function tensorflow(): TensorflowBinding {
  if (loaded) return loaded
  const file = path.join(tensorflowFolder(), 'tfjs_binding.node')
  // TensorFlow reads these when its libraries come in. oneDNN makes a step 1.6 times faster on the CPU.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1'
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  try {
    loaded = createRequire(__filename)(file) as TensorflowBinding
  } catch (error) {
    throw new UserError(`TensorFlow does not load (${(error as Error).message.split('\n')[0]})`, {
      place: file,
      remedy: 'run `npm run prepare-lab`',
    })
  }
  return loaded
}
