import { execFileSync } from 'node:child_process'
import { z } from 'zod'

/** What `npm audit --json` answers, in so far as it is looked at here. */
const Answer = z.object({
  vulnerabilities: z
    .record(
      z.string(),
      z.object({
        severity: z.enum(['info', 'low', 'moderate', 'high', 'critical']),
        via: z.array(z.union([z.string(), z.object({ title: z.string(), url: z.string().optional() })])),
        range: z.string(),
      }),
    )
    .optional(),
  error: z.object({ summary: z.string().optional(), detail: z.string().optional(), code: z.string().optional() }).optional(),
  message: z.string().optional(),
})

export interface Audit {
  /** Packages with a known fault, a line each; the grave ones fail. */
  readonly grave: readonly string[]
  readonly other: readonly string[]
  /** Why nothing was learnt, a sentence; null where the registry answered. */
  readonly skipped: string | null
}

/** The first line that says anything. */
const reasonOf = (...said: readonly (string | undefined)[]): string =>
  said.map((text) => text?.trim().split('\n')[0] ?? '').find((line) => line !== '') ?? 'without a reason'

/** Reads what npm said of the lockfile. @param said Its standard output, also where it failed. */
export function readAudit(said: string): Audit {
  const skipped = (why: string): Audit => ({ grave: [], other: [], skipped: `the packages were not audited: ${why}` })
  let answer: z.infer<typeof Answer>
  try {
    answer = Answer.parse(JSON.parse(said))
  } catch {
    return skipped('npm gave no answer that can be read')
  }
  const { vulnerabilities, error, message } = answer
  if (!vulnerabilities)
    return skipped(`the registry answers no audit (${reasonOf(error?.summary, message, error?.detail, error?.code)})`)
  const lines = Object.entries(vulnerabilities).map(([name, { severity, via, range }]) => {
    const why = via.map((one) => (typeof one === 'string' ? `by way of ${one}` : one.title)).join('; ')
    return { isGrave: severity === 'high' || severity === 'critical', line: `${name} ${range}, ${severity}: ${why}` }
  })
  return {
    grave: lines.flatMap(({ isGrave, line }) => (isGrave ? [line] : [])),
    other: lines.flatMap(({ isGrave, line }) => (isGrave ? [] : [line])),
    skipped: null,
  }
}

/** Asks the registry for known faults of what the lockfile names. What is only built with counts too: it is bundled. */
export function audit(folder: string): Audit {
  try {
    return readAudit(
      execFileSync('npm', ['audit', '--json'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )
  } catch (error) {
    // npm's status is 1 where something was found, too.
    return readAudit(String((error as { stdout?: unknown }).stdout ?? ''))
  }
}
