import path from 'node:path'
import { electronExecutable } from '../../main/resources'
import { bundle } from '../bundle'
import type { Suite } from '../suites'
import { prepareElectron } from './electron'
import { preparePackaging } from './packaging'
import { pythonPackages } from './python-packages'
import { prepareRay } from './ray'
import { prepareSlurm } from './slurm'
import { prepareSystem } from './system'
import { prepareTensorflow } from './tensorflow'

/**
 * Begins to make what these suites need beside the npm packages, all of it at once: most of it waits for the network. What a suite needs is not made for
 * another, and the unit tests need nothing.
 * @returns what resolves when a suite can begin, and throws what kept it from that.
 */
export function prepareFor(root: string, suites: readonly Suite[]): (suite: Suite) => Promise<unknown> {
  const wants = (...names: Suite[]): boolean => names.some((name) => suites.includes(name))
  const [isLabWanted, isAppWanted] = [suites.some((suite) => suite !== 'unit'), wants('faults', 'e2e')]
  const where = <T>(isWanted: boolean, make: () => Promise<T>): Promise<T | undefined> =>
    isWanted ? make() : Promise.resolve(undefined)

  const tensorflow = where(isLabWanted, () => prepareTensorflow(path.join(root, 'node_modules')))
  const bundles = where(isLabWanted, () => bundle(root, ['commands', 'renderer', ...(isAppWanted ? (['window'] as const) : [])]))
  const python = where(wants('integration'), pythonPackages)
  const ray = where(wants('cluster'), prepareRay)
  const electron = where(isAppWanted, () => prepareElectron(root))
  // apt-get lets nobody in beside it.
  const slurm = where(wants('cluster'), prepareSlurm)
  const system = where(isAppWanted, async () => {
    await slurm
    await prepareSystem(electronExecutable((await electron)!)!)
  })
  const packaging = where(wants('e2e'), async () => {
    await system
    await preparePackaging()
  })

  const lab = [tensorflow, bundles]
  const needs: Readonly<Record<Suite, readonly Promise<unknown>[]>> = {
    unit: [],
    golden: lab,
    integration: [...lab, python],
    cluster: [...lab, slurm, ray],
    faults: [...lab, system],
    e2e: [...lab, system, packaging],
  }
  // What went wrong is told when the turn of a suite comes that needs it.
  for (const need of [electron, ...Object.values(needs).flat()]) need.catch(() => undefined)
  return (suite) => Promise.all(needs[suite])
}
