import type { BlockNode, NetworkNode } from '../document'
import { block, layer } from './pieces'
import type { Preset } from './preset'
import { residualNetwork, resnet } from './resnet'

/** Squeeze and excitation: each channel's mean, two dense layers with a ReLU between, and a sigmoid that weighs the channels (Hu et al. 2018, arXiv 1709.01507). */
export const gateBlock = (channels: number, ratio: number): BlockNode =>
  block('gate', [
    layer('pool', 'global-average-pool', {}, ['$input']),
    layer('squeeze', 'dense', { units: Math.max(1, Math.floor(channels / ratio)) }),
    layer('relu', 'relu'),
    layer('excite', 'dense', { units: channels }),
    layer('sigmoid', 'sigmoid'),
    layer('multiply', 'multiply', {}, ['$input', 'sigmoid']),
  ])

export const seResnet: Preset = {
  name: 'se-resnet',
  title: 'SE-ResNet',
  description:
    'ResNet with squeeze and excitation at the end of each branch: a gate for each channel, of the whole image (Hu et al. 2018).',
  example: 'se-resnet:blocks=3',
  options: [
    ...resnet.options,
    {
      name: 'ratio',
      description: 'channels of a branch for each number that its gate squeezes them to',
      default: '16',
      type: 'number',
      least: 1,
      most: 65_536,
    },
  ],
  depth: resnet.depth!,
  recommended: resnet.recommended,
  nodes: (options) => residualNetwork(options, (width): NetworkNode[] => [gateBlock(width, options.number('ratio'))]),
}
