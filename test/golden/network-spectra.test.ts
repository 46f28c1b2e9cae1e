import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SpectraTask } from '../../main/engine/questions'
import { denseMatrix, type Padding } from '../../main/engine/spectra/operator'
import { matrixSpectrum } from '../../main/engine/spectra/spectrum'
import { networkSpectra } from '../../main/engine/tasks/spectra'
import { parameterLayout } from '../../main/engine/graph/layout'
import { initialParameters } from '../../main/engine/training/initialise'
import { expand, networkFromPreset } from '../../shared/architecture'
import { initialChoice } from './support/initial-choice'
import { expectClose } from './support/compare'
import { folder, golden } from './support/reference'

let scratch: string
beforeAll(() => (scratch = mkdtempSync(path.join(os.tmpdir(), 'normlab-spectra-'))))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const file = path.join(folder, 'jacobian_proc_resnet.safetensors')
const tensors = golden('jacobian_proc_resnet')
const ask = (more: Partial<SpectraTask> = {}) =>
  networkSpectra(
    {
      ...{ network: networkFromPreset('proc-resnet:blocks=2,planes=2/4,input=6x6x3,classes=10') },
      ...{ weights: { file }, layers: undefined, padding: 'circular', delta: 0.1, withValues: true, withBound: true },
      ...{ cacheFolder: null, threads: 2, ...more },
    },
    () => undefined,
  )

describe('the spectra of a network', () => {
  it('are those of each layer’s explicit matrix, as it wraps around and as it pads', async () => {
    for (const padding of ['circular', 'own'] as const) {
      const { layers } = await ask({ padding })
      expect(layers.filter(({ kind }) => kind === 'convolution').length).toBeGreaterThan(10)
      for (const {
        name,
        kind,
        kernel,
        input,
        stride,
        groups,
        values,
        times,
        summary,
        gramBound,
        edgeShare,
        ...layer
      } of layers) {
        expect(summary!.count).toBe(values!.length * times)
        if (kind !== 'convolution') continue
        const shape = kernel as [number, number, number, number]
        const own: Padding = padding === 'circular' ? 'circular' : layer.padding
        const operator = { shape, size: input as [number, number], stride, groups, padding: own, values: tensors.floats(`param/${name}.kernel`) } // prettier-ignore
        const { rows, columns, values: matrix } = denseMatrix(operator, 0, name)
        const all = Float32Array.from({ length: values!.length * times }, (_, i) => values![Math.floor(i / times)]!)
        expectClose(all, matrixSpectrum(matrix, rows, columns), 1e-6, name)
        if (padding === 'circular') expect(gramBound! / values![0]!).toBeGreaterThan(1 - 1e-6)
        const wrapped = denseMatrix({ ...operator, padding: 'circular' }, 0, name).values
        const cut = denseMatrix({ ...operator, padding: layer.padding }, 0, name).values
        const [circular, padded] = [wrapped, cut].map((m) => Math.hypot(...m)) as [number, number]
        expect(edgeShare!).toBeCloseTo(Math.sqrt(Math.max(0, 1 - (padded / circular) ** 2)), 3)
      }
    }
  })

  it('hold batch norms by their moving statistics, and dense layers', async () => {
    const { layers } = await ask()
    const norm = layers.find(({ kind }) => kind === 'batch-norm')!
    const [gamma, variance] = [tensors.floats(`param/${norm.name}.gamma`), tensors.floats(`statistics/${norm.name}.variance`)]
    const scales = gamma.map((value, c) => Math.abs(value) / Math.sqrt(variance[c]! + 1e-5))
    expectClose(norm.values!, scales.sort().reverse(), 1e-6, norm.name)
    expect(norm.times).toBe(norm.input[0]! * norm.input[1]!)
    const head = layers.find(({ kind }) => kind === 'dense')!
    expectClose(head.values!, matrixSpectrum(tensors.floats(`param/${head.name}.kernel`), ...(head.kernel as [number, number])), 1e-6, head.name) // prettier-ignore
  })

  it('are of the change since other weights where some are taken off, without batch norms', async () => {
    const seed = initialChoice(3)
    const [{ layers, notes }, initial] = [await ask({ less: seed }), await ask({ weights: seed, less: { file } })]
    expect(layers.some(({ kind }) => kind === 'batch-norm')).toBe(false)
    expect(notes[0]).toContain('the change of a scale is no operator')
    // What is taken off whom does not matter to singular values.
    for (const [i, { name, values }] of layers.entries()) expectClose(values!, initial.layers[i]!.values!, 1e-6, name)
    const network = expand(networkFromPreset('proc-resnet:blocks=2,planes=2/4,input=6x6x3,classes=10'))
    const layout = parameterLayout(network)
    const start = initialParameters(network, layout, 'he-fan-in', 3)
    const { offset, shape } = layout.slots.find(({ name }) => name === 'head.kernel')!
    const change = tensors.floats('param/head.kernel').map((value, i) => value - start[offset + i]!)
    const head = layers.find(({ name }) => name === 'head')!
    expectClose(head.values!, matrixSpectrum(change, shape[0]!, shape[1]!), 1e-6, 'head')
    const none = await ask({ less: { file } })
    expect(Math.max(...none.layers.map(({ summary }) => summary!.largest))).toBe(0)
  })

  it('are told for the layers that are named, and refused for one that is none', async () => {
    const { layers } = await ask({ layers: ['head', 'stem.conv'] })
    expect(layers.map(({ name }) => name)).toEqual(['head', 'stem.conv'])
    await expect(ask({ layers: ['stem.konv'] })).rejects.toThrow('did you mean stem.conv')
  })

  it('are found again in the cache, and computed again where that is damaged', async () => {
    const cacheFolder = path.join(scratch, 'spectra')
    const first = await ask({ cacheFolder })
    expect(first.cached).toBe(0)
    const again = await ask({ cacheFolder })
    expect(again.computed).toBe(0)
    expect(again.layers).toEqual(first.layers)
    const [pack] = readdirSync(cacheFolder)
    writeFileSync(path.join(cacheFolder, pack!), 'no safetensors')
    const third = await ask({ cacheFolder })
    expect(third.computed).toBe(first.computed)
    expect(third.layers).toEqual(first.layers)
  })

  it('of equal operators are computed once; initial values need no file', async () => {
    const { layers, computed, equal } = await ask({ weights: initialChoice(1, { init: 'orthogonal' }) })
    expect(computed + equal).toBe(layers.length)
    // Batch norms of one size are alike at the start.
    expect(equal).toBeGreaterThan(3)
  })

  it('leave out batch norms where the weights have no statistics, and say so', async () => {
    const { layers, notes } = await ask({
      ...{ network: networkFromPreset('resnet:blocks=2,widths=8/16,input=16x16x3'), weights: { file: path.join(folder, 'network_resnet.safetensors') } },
      withBound: false,
    }) // prettier-ignore
    expect(layers.some(({ kind }) => kind === 'batch-norm')).toBe(false)
    expect(notes.join()).toContain('batch norms are left out')
  })
})
