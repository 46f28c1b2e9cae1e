import { type PreparationStep, tellStep } from '../../../shared/datasets/preparation'
import { UserError } from '../../../shared/errors'
import { changeChannels } from './pixels/channels'
import { crop, pad } from './pixels/crop-pad'
import type { PixelStep, Shape } from './pixels/pixel-step'
import { resize } from './pixels/resize'
import { refuseVectors, sampleOf } from '../dataset'
import type { PreparationSource } from './source'
import { cap } from './steps/cap'
import { classes } from './steps/classes'
import { imbalance } from './steps/imbalance'
import { labelNoise } from './steps/label-noise'
import { leaveOut } from './steps/leave-out'
import { split } from './steps/split'
import { sourceAsWorking, type Working } from './working'

/** How a set stands after a step. */
export interface Stage {
  readonly says: string
  readonly working: Working
  readonly shape: Shape
}

export interface Plan {
  /** The source first, then each step. */
  readonly stages: readonly Stage[]
  /** What is done to each image. */
  readonly pixels: readonly PixelStep[]
}

/** Steps in which the images themselves decide. */
const BY_CONTENT: ReadonlySet<PreparationStep['step']> = new Set(['split', 'cap', 'imbalance', 'label-noise'])

/**
 * What the steps make of a source, without making its images.
 *
 * @param tell Hears how many of the source's images were gone through, where a step needs that.
 * @throws UserError where a step does not fit, or leaves a split without any image.
 */
export function planPreparation(
  source: PreparationSource,
  steps: readonly PreparationStep[],
  tell: (done: number) => void,
): Plan {
  if (steps.some(({ step }) => BY_CONTENT.has(step))) source.digest(tell)
  let working = sourceAsWorking(source)
  let shape = source.summary.shape as readonly number[] as Shape
  const stages: Stage[] = [{ says: source.summary.name, working, shape }]
  const pixels: PixelStep[] = []
  for (const step of steps) {
    const pixelStep = pixelStepOf(shape, step)
    if (pixelStep) {
      refuseVectors(sampleOf(source.summary), 'cannot be cropped, padded, scaled or coloured', `step "${step.step}"`)
      pixels.push(pixelStep)
      shape = pixelStep.shape
    } else working = choose(working, step, source)
    const empty = working.splits.find(({ images }) => images.length === 0)
    if (empty)
      throw new UserError(`split "${empty.name}" would be left without any image`, {
        place: `step "${step.step}"`,
        remedy: 'change it, or leave the split out of those that are divided',
      })
    checkStandardise(working, shape, step)
    stages.push({ says: tellStep(step), working, shape })
  }
  return { stages, pixels }
}

function choose(working: Working, step: PreparationStep, source: PreparationSource): Working {
  switch (step.step) {
    case 'leave-out':
      return leaveOut(working, step, source)
    case 'classes':
      return classes(working, step, source)
    case 'split':
      return split(working, step, source)
    case 'cap':
      return cap(working, step, source)
    case 'imbalance':
      return imbalance(working, step, source)
    case 'label-noise':
      return labelNoise(working, step, source)
    default:
      return working
  }
}

function pixelStepOf(shape: Shape, step: PreparationStep): PixelStep | undefined {
  switch (step.step) {
    case 'resize':
      return resize(shape, step)
    case 'crop':
      return crop(shape, step)
    case 'pad':
      return pad(shape, step)
    case 'channels':
      return changeChannels(shape, step)
    default:
      return undefined
  }
}

/** @throws UserError where the numbers are not one a channel, or the split to measure is not there. */
function checkStandardise({ splits }: Working, shape: Shape, step: PreparationStep): void {
  if (step.step !== 'standardise') return
  const { mean, std } = step
  const place = 'step "standardise"'
  if ((mean === undefined) !== (std === undefined))
    throw new UserError('mean and deviation are given together or not at all', { place })
  for (const numbers of [mean, std])
    if (numbers && numbers.length !== shape[2])
      throw new UserError(`${numbers.length} numbers were given for ${shape[2]} channels`, {
        place,
        remedy: 'give one a channel',
      })
  if (mean === undefined && !splits.some(({ name }) => name === step.split))
    throw new UserError(`there is no split "${step.split}" to measure`, {
      place,
      remedy: `there are ${splits.map(({ name }) => name).join(' and ')}`,
    })
}
