/** In the order of their cost. */
export const SUITES = ['unit', 'golden', 'integration', 'cluster', 'faults', 'e2e'] as const
export type Suite = (typeof SUITES)[number]

/**
 * What mostly waits runs beside another suite: clusters wait for timers, credentials and nodes that come back, what is killed for processes that end and
 * start.
 */
const BESIDE: Readonly<Partial<Record<Suite, Suite>>> = { integration: 'cluster', e2e: 'faults' }

/**
 * Suites whose tests wait for other programs: clusters, windows, engines that are killed. Two cores shared with all of them can be late for reasons that are
 * no fault of what is tested; a fault of time's order shows here too. So what fails in these is run once more alone, and told by name either way.
 */
export const WAITING: readonly Suite[] = ['integration', 'cluster', 'faults', 'e2e']

/** Suites that run at a time, in their order. */
export function rounds(suites: readonly Suite[]): Suite[][] {
  const besideOf = (suite: Suite): Suite[] => suites.filter((one) => one === BESIDE[suite])
  const aside = new Set(suites.flatMap(besideOf))
  return suites.filter((suite) => !aside.has(suite)).map((suite) => [suite, ...besideOf(suite)])
}
