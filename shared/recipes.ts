import type { z } from 'zod'
import type { Training } from './configuration'

/** Settings that were published for a network, ready to be used. */
export interface Recipe {
  /** `proc-resnet`. */
  readonly name: string
  readonly title: string
  /** Where it was published. */
  readonly source: string
  readonly training: z.input<typeof Training>
}

const cifar: z.input<typeof Training> = {
  batch: 128,
  epochs: 300,
  rate: 0.1,
  schedule: 'steps',
  milestones: [150, 225],
  factor: 0.1,
  momentum: 0.9,
  weightDecay: 1e-4,
}

/** The recipes of the paper's versions and of the networks that it is held against. Depth and data are the run's own. */
export const recipes: readonly Recipe[] = [
  {
    name: 'proc-resnet',
    title: 'Procrustes ResNet',
    source: 'arXiv 1805.07477v5 and its published code: 300 epochs, projection after every other step by chance',
    training: {
      ...cifar,
      augmentation: { flip: true, crop: 4, padding: 'reflect' },
      projection: { layers: 'transitions', probability: 0.5 },
    },
  },
  {
    name: 'proc-resnet-v1',
    title: 'Procrustes ResNet, first version',
    source: 'arXiv 1805.07477v1: Nesterov momentum, fan-out initialisation, whitened dense layer',
    training: {
      ...cifar,
      nesterov: true,
      init: 'he-fan-out',
      augmentation: { flip: true, crop: 4, padding: 'zero' },
      whitening: { layers: 'all' },
    },
  },
  {
    name: 'baseline',
    title: 'The paper’s ResNet baseline',
    source: 'the published code of arXiv 1805.07477v5: as Procrustes ResNet, without projection',
    training: { ...cifar, augmentation: { flip: true, crop: 4, padding: 'reflect' } },
  },
  {
    name: 'resnet',
    title: 'ResNet',
    source:
      'He et al. 2015, section 4.2: 64,000 steps of 128 images, rate divided by 10 at 32,000 and 48,000 (82 and 123 epochs of 45,000 images)',
    training: {
      ...cifar,
      epochs: 164,
      milestones: [82, 123],
      augmentation: { flip: true, crop: 4, padding: 'zero' },
    },
  },
  {
    name: 'densenet',
    title: 'DenseNet',
    source: 'Huang et al. 2017, section 4.2: 300 epochs of batches of 64, Nesterov momentum',
    training: { ...cifar, batch: 64, nesterov: true, augmentation: { flip: true, crop: 4, padding: 'zero' } },
  },
  {
    name: 'wide-resnet',
    title: 'Wide ResNet',
    source:
      'Zagoruyko and Komodakis 2016, section 3: 200 epochs, rate times 0.2 at 60, 120 and 160, Nesterov momentum, weight decay 5e-4',
    training: {
      ...cifar,
      epochs: 200,
      milestones: [60, 120, 160],
      factor: 0.2,
      nesterov: true,
      weightDecay: 5e-4,
      augmentation: { flip: true, crop: 4, padding: 'reflect' },
    },
  },
  {
    name: 'vit',
    title: 'Vision Transformer',
    source:
      'Touvron et al. 2021 (DeiT, arXiv 2012.12877, table 9), without mixed images and distillation: 300 epochs of AdamW at 0.0005 for 512 images, 5 of warm-up, cosine; Glorot’s initial values as Vaswani et al. 2017',
    training: {
      ...{ batch: 128, epochs: 300, optimiser: 'adamw', rate: 1.25e-4, schedule: 'cosine', warmup: 5 },
      ...{ weightDecay: 0.05, labelSmoothing: 0.1, init: 'glorot-uniform' },
      augmentation: { flip: true, crop: 4, padding: 'zero' },
    },
  },
]
