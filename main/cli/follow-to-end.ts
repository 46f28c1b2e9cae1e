import type { Lab, RunDetail } from '../../shared/api'
import { type Output, jsonLine } from './command'
import { followRun } from './follow-run'
import { RunReport } from './run-report'
import { summaryFields } from './runs'

/**
 * Shows a run of this process until it has ended.
 *
 * @param from The last step that was told of before.
 * @returns the exit status.
 */
export async function followToEnd(lab: Lab, run: RunDetail, output: Output, json: boolean, from = 0): Promise<number> {
  const report = new RunReport(run, output, json)
  const follower = {
    onSteps: report.steps.bind(report),
    onEpochs: report.epochs.bind(report),
    onProgress: report.progress.bind(report),
  }
  const ended = await followRun(lab, run.id, output, follower, from)
  report.end(ended)
  if (json) output.print(jsonLine({ run: run.id, summary: summaryFields(ended) }))
  return ended.state === 'done' ? 0 : 1
}
