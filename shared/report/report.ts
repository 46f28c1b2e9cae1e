import { z } from 'zod'
import { RunId } from '../run-id'

/** What a report is about. */
export const ReportSubject = z.union([
  z.strictObject({ runs: z.array(RunId).min(1).max(200) }),
  z.strictObject({ comparison: z.number().int() }),
  z.strictObject({ experiment: z.number().int() }),
])
export type ReportSubject = z.infer<typeof ReportSubject>

/** A table: its columns, and its rows as they are shown. */
export interface ReportTable {
  readonly title: string
  /** A sentence on what its numbers are. */
  readonly says?: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A line of a chart; x ascends. Null stands for a value that was measured and is no number. */
export interface ReportCurve {
  readonly id: string
  readonly name: string
  readonly colour: number
  readonly isDashed: boolean
  readonly style: 'line' | 'points'
  readonly x: readonly number[]
  readonly y: readonly (number | null)[]
}

export interface ReportChart {
  readonly title: string
  readonly unit: string
  readonly scale: 'linear' | 'zero' | 'share' | 'log'
  readonly xName: string
  readonly curves: readonly ReportCurve[]
}

/** The ratio of each unit in a run's last epoch: mean, least and greatest of its steps. */
export interface ReportProfile {
  readonly title: string
  readonly epoch: number
  readonly units: readonly {
    readonly name: string
    readonly kind: 'stem' | 'block' | 'transition'
    readonly shape: readonly number[]
  }[]
  readonly mean: readonly (number | null)[]
  readonly min: readonly (number | null)[]
  readonly max: readonly (number | null)[]
}

/** How a run can be made again. */
export interface ReportRepeat {
  readonly title: string
  /** For a shell. */
  readonly command: string
  /** What the command does not hold, a sentence; empty where it holds all. */
  readonly note: string
}

/** All that stands in a report; what its page draws is `charts` and `profiles`. */
export interface Report {
  readonly title: string
  /** What it is of, and when it was made. */
  readonly lines: readonly string[]
  readonly verdict: readonly string[]
  readonly tables: readonly ReportTable[]
  readonly charts: readonly ReportChart[]
  readonly profiles: readonly ReportProfile[]
  readonly repeat: readonly ReportRepeat[]
  /** Documents of networks that no preset's words say, as JSON. */
  readonly documents: readonly { readonly name: string; readonly text: string }[]
  readonly methods: string
  readonly bibtex: string
}

/** What the page of a report gets to draw. */
export type ReportData = Pick<Report, 'charts' | 'profiles'>
