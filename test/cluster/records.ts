import type { OpenLab } from '../../main/lab'

/** All that must be equal: not how long it took. */
export async function recordsOf(lab: OpenLab, run: number) {
  const steps = await lab.request('runs.steps', { run, from: 1, to: Number.MAX_SAFE_INTEGER })
  const epochs = await lab.request('runs.epochs', { run })
  const { state, problem } = await lab.request('runs.show', { run })
  return {
    ...{ state, problem: problem?.message },
    steps: steps.map(({ ms: _, waitedMs: _waited, ...step }) => step),
    epochs: epochs.map(({ seconds: _, ...epoch }) => epoch),
  }
}
