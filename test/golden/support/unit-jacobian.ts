import type { JacobianFound, JacobianTask } from '../../../main/engine/questions'
import { measureJacobians } from '../../../main/engine/tasks/jacobian'

type Asked = Pick<JacobianTask, 'network' | 'mode'> & {
  readonly weights: string | JacobianTask['weights']
  readonly batch: string
} & Partial<Omit<JacobianTask, 'search' | 'weights'>> & { readonly search?: Partial<JacobianTask['search']> }

/** Jacobians at the first image of a file, or over all of them; all values unless told otherwise. */
export function jacobiansOf({ weights, batch, search, ...asked }: Asked): Promise<JacobianFound> {
  const task: JacobianTask = {
    weights: typeof weights === 'string' ? { file: weights } : weights,
    points: { file: batch, image: 0 },
    pieces: undefined,
    ...{ withBranch: false, alignment: 0, partialProbes: 0, withRepairs: false, threads: 1 },
    ...asked,
    search: { exactUpTo: 3000, tolerance: 1e-4, steps: 400, probes: 0, ...search },
  }
  return measureJacobians(task, () => undefined)
}

/** All singular values of one unit's. */
export async function unitValues(asked: Asked & { readonly unit: string }): Promise<Float32Array> {
  const { unit, ...rest } = asked
  const { pieces } = await jacobiansOf({ ...rest, pieces: [{ from: unit, to: unit }] })
  return pieces[0]!.spectrum.singularValues!
}
