/** In the order of their cost. */
export const SUITES = ['unit', 'golden', 'integration', 'cluster', 'faults', 'e2e'] as const
export type Suite = (typeof SUITES)[number]

/**
 * What mostly waits runs beside another suite: clusters wait for timers, credentials and nodes that come back, what is killed for processes that end and
 * start.
 */
const BESIDE: Readonly<Partial<Record<Suite, Suite>>> = { integration: 'cluster', e2e: 'faults' }

/** Suites that run at a time, in their order. */
export function rounds(suites: readonly Suite[]): Suite[][] {
  const besideOf = (suite: Suite): Suite[] => suites.filter((one) => one === BESIDE[suite])
  const aside = new Set(suites.flatMap(besideOf))
  return suites.filter((suite) => !aside.has(suite)).map((suite) => [suite, ...besideOf(suite)])
}
