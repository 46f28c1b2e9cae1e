/** Settings of the execution that were a training's in the second form of configurations and in definitions of experiments of that time. */
const MOVED = ['recompute', 'device', 'threads']

/** The path that a setting has today. */
export function movedPath(path: string): string {
  const [first, second, ...rest] = path.split('.')
  return first === 'training' && rest.length === 0 && MOVED.includes(second ?? '') ? `execution.${second}` : path
}

/** Takes a training's settings of the execution to where they are today; what is there already stays as it is. */
export function withExecution<T extends { training?: unknown; execution?: unknown }>(older: T): T {
  const { training, execution } = older
  if (typeof training !== 'object' || training === null || Array.isArray(training)) return older
  const found = Object.entries(training).filter(([name]) => MOVED.includes(name))
  if (found.length === 0) return older
  const rest = Object.fromEntries(Object.entries(training).filter(([name]) => !MOVED.includes(name)))
  const there = typeof execution === 'object' && execution !== null ? execution : {}
  return { ...older, training: rest, execution: { ...Object.fromEntries(found), ...there } }
}
