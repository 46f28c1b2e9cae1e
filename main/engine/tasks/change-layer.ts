import { expand, networkFromDocument } from '../../../shared/architecture'
import { UserError } from '../../../shared/errors'
import { OWNERS } from '../../files/write-file'
import { writeSafetensors } from '../../formats/safetensors'
import { kernelOperator } from '../graph/kernel-operator'
import { freshStatistics, parameterLayout, statisticLayout } from '../graph/layout'
import type { ChangeTask, LayerChange, TaskProgress } from '../questions'
import { askedStartValues } from '../training/start-values'
import { openWeightsFor, readStatistics, readWeights, statisticsPrefix } from '../weights'
import { changedKernel } from './repair-kernel'
import { networkSpectra } from './spectra'
import { namedTensors } from './tensors'

/**
 * Writes a network's weights twice, as they are and with one layer's kernel changed, and tells the layer's spectrum of both.
 *
 * @throws UserError where the layer has no kernel, or is one that the change is not for.
 */
export async function changeLayer(task: ChangeTask, tell: (progress: TaskProgress) => void): Promise<LayerChange> {
  const network = expand(networkFromDocument(task.network))
  const layout = parameterLayout(network)
  const slot = layout.slots.find(({ name }) => name === `${task.layer}.kernel`)
  const place = `layer "${task.layer}"`
  if (!slot) throw new UserError('it has no kernel to change', { place, remedy: 'choose a convolution or a dense layer' })
  const { op } = network.layers[slot.layer]!
  if (op.actingKernel || op.actsOtherwise)
    throw new UserError('its kernel is made of what it learns, so that it cannot be changed by itself', {
      place,
      remedy: 'choose a convolution that learns its kernel, or a dense layer',
    })
  const { shape, groups, dilation, grid } = kernelOperator(network.layers[slot.layer]!, slot.shape)
  const { parameters, statistics } = await vectors(task, network)
  const write = (out: string, values: Float32Array): void =>
    writeSafetensors(
      out,
      [
        ...namedTensors(values, layout, ''),
        ...(statistics ? namedTensors(statistics, statisticLayout(network), 'statistics/') : []),
      ],
      {},
      OWNERS,
    )
  write(task.original, parameters)
  const kernel = { shape, groups, dilation, values: parameters.slice(slot.offset, slot.offset + slot.length) }
  const total = task.change.kind === 'clip' ? task.change.rounds : 0
  const { values, ...found } = changedKernel(kernel, task.change, grid, place, (done) => tell({ phase: 'clipping', done, total }))
  const changed = parameters.slice()
  changed.set(values, slot.offset)
  write(task.out, changed)
  const spectrum = async (file: string) => {
    const { layers } = await networkSpectra(
      {
        ...{ network: task.network, weights: { file }, layers: [task.layer], padding: 'circular', delta: 0.1 },
        ...{ withValues: true, withBound: false, cacheFolder: null },
      },
      () => undefined,
    )
    return layers[0]!
  }
  return { before: await spectrum(task.original), after: await spectrum(task.out), ...found }
}

async function vectors(
  { weights }: ChangeTask,
  network: ReturnType<typeof expand>,
): Promise<{ parameters: Float32Array; statistics: Float32Array | null }> {
  const layout = parameterLayout(network)
  const kept = statisticLayout(network)
  if ('seed' in weights)
    return { parameters: await askedStartValues(network, layout, weights), statistics: freshStatistics(kept) }
  const file = await openWeightsFor(network, weights)
  try {
    const hasStatistics = statisticsPrefix(file, kept) !== undefined
    return { parameters: readWeights(file, layout), statistics: hasStatistics ? readStatistics(file, kept) : null }
  } finally {
    file.close()
  }
}
