import type { RunSummary } from '../../shared/api'

/** The question about runs that go on. */
export function leavingWords(going: readonly Pick<RunSummary, 'name'>[]): { message: string; detail: string } {
  const [only, more] = going
  const isOne = only !== undefined && more === undefined
  const [message, they, their, checkpoints] = isOne
    ? [`“${only.name}” is still going on.`, 'it ends', 'the current step', 'its last checkpoint']
    : [`${going.length} runs are still going on.`, 'they end', 'their current steps', 'their last checkpoints']
  return {
    message,
    detail: `Stopped, ${they} after ${their}; paused, ${isOne ? 'it' : 'they'} can go on when NormLab is started again, from ${checkpoints}. Every finished step stays on record.`,
  }
}
