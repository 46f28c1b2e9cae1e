/** Lets `count` calls through within `withinMs`, in their order; each further one waits until that many ms have gone by since the one `count` before it. */
export function limitBursts(
  count: number,
  withinMs: number,
  now: () => number = () => performance.now(),
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): () => Promise<void> {
  const times: number[] = []
  let last = Promise.resolve()
  return () => {
    last = last.then(async () => {
      // A timer may ring a little early.
      while (times.length === count && now() - times[0]! < withinMs) await sleep(withinMs - (now() - times[0]!))
      if (times.length === count) times.shift()
      times.push(now())
    })
    return last
  }
}
