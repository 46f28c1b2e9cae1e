import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { unitSpectrum } from '../../main/engine/tasks/jacobian'
import { networkFromPreset } from '../../shared/architecture'
import { expectClose } from './support/compare'
import { folder, golden } from './support/reference'

interface Case {
  readonly network: string
  readonly units: readonly string[]
  readonly batch: number
}
const { jacobians } = JSON.parse(readFileSync(path.join(__dirname, 'reference/spectra.json'), 'utf8')) as {
  jacobians: Record<string, Case>
}
const modes = ['inference', 'training'] as const
const cases = Object.entries(jacobians).flatMap(([name, { network, units }]) =>
  units.flatMap((unit) => modes.map((mode) => ({ name, network, unit, mode }))),
)

describe('the singular values of a unit’s Jacobian', () => {
  it.each(cases)('are those of the reference: $name, $unit, $mode', async ({ name, network, unit, mode }) => {
    const file = path.join(folder, `jacobian_${name}.safetensors`)
    const document = networkFromPreset(network)
    const found = await unitSpectrum({ kind: 'jacobian', network: document, unit, weights: file, batch: file, mode, image: 0 })
    expectClose(found.singularValues, golden(`jacobian_${name}`).floats(`singular_values/${mode}/${unit}`), 1e-3, unit)
  })

  it('names the units that there are where one is unknown', async () => {
    const { network } = jacobians['resnet']!
    const file = path.join(folder, 'jacobian_resnet.safetensors')
    const ask = (): Promise<unknown> =>
      unitSpectrum({
        kind: 'jacobian',
        network: networkFromPreset(network),
        unit: 'stage9',
        weights: file,
        batch: file,
        mode: 'inference',
        image: 0,
      })
    await expect(ask()).rejects.toThrow(/there is no unit "stage9"; it has stage1\.block1/)
  })
})
