import { describe, expect, it } from 'vitest'
import { pathOfUnit } from '../../../renderer/designer/panels/unit-path'
import { listPresets } from '../../../shared/architecture'
import { checkNetwork } from '../../../shared/architecture/check'
import { expand } from '../../../shared/architecture/expand'
import { networkFromPreset } from '../../../shared/architecture/resolve'

describe('the node of a unit', () => {
  it('is found by the name of any of its copies', () => {
    const { nodes } = networkFromPreset('proc-resnet:blocks=12')
    expect(pathOfUnit(nodes, 'stage1.block12')).toBe('stage1/block')
    expect(pathOfUnit(nodes, 'transition1')).toBe('transition1')
    expect(pathOfUnit(nodes, 'stage1.block13')).toBeNull()
    expect(pathOfUnit(nodes, 'stage9.block1')).toBeNull()
  })

  it('is one of the units of the check, for every unit of every preset', () => {
    for (const { example } of listPresets()) {
      const document = networkFromPreset(example)
      const paths = new Set(checkNetwork(document).units.map(({ path }) => path))
      for (const { name } of expand(document).units) expect(paths.has(pathOfUnit(document.nodes, name) ?? '')).toBe(true)
    }
  })
})
