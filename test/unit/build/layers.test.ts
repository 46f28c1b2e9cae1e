import { describe, expect, it } from 'vitest'
import { complaint } from '../../../build/lint/layers'

describe('the layer rule', () => {
  it.each([
    ['shared/norms/ratio.ts', '../records'],
    ['shared/ops/conv2d.ts', 'zod'],
    ['main/engine/graph/build.ts', '../../../shared/ops/registry'],
    ['main/lab/lab.ts', '../store/runs'],
    ['main/index.ts', 'electron'],
    ['main/engine/tensorflow/binding.ts', '../../resources'],
    ['renderer/runs/Runs.vue', '../../shared/api'],
    ['test/unit/x.test.ts', '../../main/index'],
  ])('lets %s import %s', (file, source) => {
    expect(complaint(file, source)).toBeUndefined()
  })

  it.each([
    ['shared/api/runs.ts', '../../main/lab/lab'],
    ['shared/api/runs.ts', 'node:fs'],
    ['shared/api/runs.ts', 'fs'],
    ['renderer/main.ts', '../main/lab/lab'],
    ['renderer/main.ts', 'electron'],
    ['main/lab/lab.ts', 'electron'],
    ['main/store/runs.ts', '../lab/lab'],
    ['main/engine/host.ts', 'electron/main'],
    ['main/engine/host.ts', '../lab/lab'],
    ['main/engine/graph/build.ts', '../../datasets/batches'],
    ['main/index.ts', '../renderer/main'],
    ['renderer/ui/use-theme.ts', '../charts/ratio-scale'],
    ['renderer/runs/RunControls.vue', '../shell/use-commands'],
    ['renderer/datasets/use-dataset-actions.ts', '../runs/use-runs'],
    ['renderer/charts/axis.ts', '../router'],
    ['shared/architecture/inspect.ts', '../api'],
    ['shared/settings/data.ts', '../api/datasets'],
  ])('stops %s from importing %s', (file, source) => {
    expect(complaint(file, source)).toContain('may')
  })

  it('lets types of the API be named below it, and nothing that runs', () => {
    expect(complaint('shared/architecture/inspect.ts', '../api', true)).toBeUndefined()
    expect(complaint('renderer/ui/AppIcon.vue', '../charts/axis', true)).toContain('stands above it')
  })

  it('wants every room to have its place', () => {
    expect(complaint('renderer/attic/box.ts', '../ui/format')).toContain('does not know')
  })
})
