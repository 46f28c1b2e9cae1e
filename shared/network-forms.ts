import { z } from 'zod'

/** Forms of other programs in which a network goes out. */
export const NETWORK_FORMS = {
  onnx: { title: 'ONNX', ending: 'onnx' },
  /** The source, and beside it the weights where there are some. */
  pytorch: { title: 'PyTorch', ending: 'py' },
  /** A state dict for that source. */
  'pytorch-weights': { title: 'PyTorch’s weights', ending: 'safetensors' },
  keras: { title: 'Keras', ending: 'keras' },
  /** The source, and beside it the weights where there are some. */
  'keras-source': { title: 'Keras’s source', ending: 'py' },
  /** Weights for that source. */
  'keras-weights': { title: 'Keras’s weights', ending: 'weights.h5' },
} as const
export const NetworkForm = z.enum(['onnx', 'pytorch', 'pytorch-weights', 'keras', 'keras-source', 'keras-weights'])
export type NetworkForm = z.infer<typeof NetworkForm>

/** Those that are a network with or without weights. */
export const SOURCE_FORMS: ReadonlySet<NetworkForm> = new Set(['pytorch', 'keras-source'])

/** The form that a file's name asks for. */
export function formOfName(name: string): NetworkForm | undefined {
  const ending = /\.([^.]*)$/.exec(name.toLowerCase())?.[1]
  return (['onnx', 'pytorch', 'keras'] as const).find((form) => NETWORK_FORMS[form].ending === ending)
}
