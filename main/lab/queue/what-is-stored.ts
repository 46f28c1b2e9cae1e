/** `at step 57; the 57 finished steps are stored` */
export function whatIsStored(step: number): string {
  if (step === 0) return 'before its first step'
  return `at step ${step}; the ${step === 1 ? 'finished step is' : `${step} finished steps are`} stored`
}
