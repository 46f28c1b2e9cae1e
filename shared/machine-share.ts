/** Of the work of a training step what the way forth is: the way back computes gradients of inputs and of kernels, as much again each. */
const STEP_OF_FORWARD = 3

/**
 * The share of the machine's arithmetic that a step uses, about: its operations over what the machine would have done in that time.
 *
 * @param flops Of one image's forward pass; a multiply-add counts as two.
 * @returns 0–1, or somewhat more where the machine was slower when it was measured.
 */
export function machineShare(flops: number, batch: number, stepMs: number, flopsPerSecond: number): number {
  return (STEP_OF_FORWARD * flops * batch) / ((stepMs / 1000) * flopsPerSecond)
}
