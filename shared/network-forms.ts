import { z } from 'zod'

/** Forms of other programs in which a network goes out. */
export const NETWORK_FORMS = {
  onnx: { title: 'ONNX', ending: 'onnx' },
  /** The source, and beside it the weights where there are some. */
  pytorch: { title: 'PyTorch', ending: 'py' },
  /** A state dict for that source. */
  'pytorch-weights': { title: 'PyTorch’s weights', ending: 'safetensors' },
} as const
export const NetworkForm = z.enum(['onnx', 'pytorch', 'pytorch-weights'])
export type NetworkForm = z.infer<typeof NetworkForm>

/** The form that a file's name asks for. */
export function formOfName(name: string): NetworkForm | undefined {
  const ending = name.toLowerCase().replace(/^.*\./, '')
  return NetworkForm.options.find((form) => form !== 'pytorch-weights' && NETWORK_FORMS[form].ending === ending)
}
