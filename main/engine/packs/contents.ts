import type { TensorflowKind } from '../../resources'
import type { PlaceOf } from './unzip'
import type { Wheel } from './wheels'

/** TensorFlow's libraries, which the binding finds in the folder `lib` beside it. */
export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const

/** Bytes that an engine takes once it is unpacked, measured and rounded up. */
export const UNPACKED_BYTES: Readonly<Record<TensorflowKind, number>> = { cpu: 0.9e9, gpu: 5.7e9 }

/** TensorFlow's libraries and licences, from an entry's name to its place in the engine's folder. */
export const ofTensorflow: PlaceOf = (name) => {
  const inside = name.replace(/^tensorflow\//, '')
  if (LIBRARIES.some((library) => library === inside)) return `lib/${inside}`
  return inside === 'THIRD_PARTY_NOTICES.txt' || inside === 'include/LICENSE' ? `licences/${inside.split('/').pop()!}` : undefined
}

/** The libraries of one of NVIDIA's wheels, where TensorFlow's own search path looks: `nvidia/<name>/lib` beside its `lib`. */
export const ofNvidia: PlaceOf = (name) => (/^nvidia\/\w+\/lib\/[^/]+\.so[.\d]*$/.test(name) ? name : undefined)

/** What an engine takes of a wheel, NVIDIA's licences with it. */
export function takenOf({ project }: Wheel): PlaceOf {
  if (!project.startsWith('nvidia-')) return ofTensorflow
  return (name) =>
    ofNvidia(name) ?? (/^[\w.-]+\.dist-info\/(licenses\/)?licen[cs]e[\w.]*$/i.test(name) ? `licences/${project}.txt` : undefined)
}
