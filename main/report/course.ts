import type { RunDetail } from '../../shared/api'
import type { ReportTable } from '../../shared/report/report'

/** Lines of one run: alarms can be raised at any step. */
const MOST_LINES = 50

type Line = readonly [step: number | null, at: string, what: string]

/** What became of runs on their way, without which their numbers are taken for those of an undisturbed run; and the reader's own words. */
export function courseTable(runs: readonly { readonly run: RunDetail; readonly label: string }[]): ReportTable[] {
  const rows = runs.flatMap(({ run, label }) =>
    linesOf(run).map(([step, at, what]) => [
      ...(runs.length > 1 ? [label] : []),
      ...[step === null ? '' : String(step), at.slice(0, 16).replace('T', ' '), what],
    ]),
  )
  if (rows.length === 0) return []
  return [{ title: 'What happened', columns: [...(runs.length > 1 ? ['run'] : []), 'after step', 'when, UTC', 'what'], rows }]
}

function linesOf({ notices, problem, annotations, units, note, state, endedAt, unreadable }: RunDetail): Line[] {
  const onTheWay: Line[] = [
    ...notices.map(({ step, at, message }): Line => [step, at, message]),
    ...annotations.map(({ step, at, unit, text }): Line => {
      const place = unit === null ? undefined : units[unit]?.name
      return [step, at, place === undefined ? `“${text}”` : `“${text}” (${place})`]
    }),
  ].sort(([a], [b]) => a! - b!)
  const left = onTheWay.length - MOST_LINES
  return [
    ...(note === '' ? [] : [[null, '', `“${note}”`] as const]),
    ...onTheWay.slice(0, MOST_LINES),
    ...(left > 0 ? [[null, '', `and ${left} more`] as const] : []),
    ...(problem === null ? [] : [[problem.step ?? null, endedAt ?? '', `${state}: ${problem.message}`] as const]),
    ...unreadable.map((sentence): Line => [null, '', sentence]),
  ]
}
