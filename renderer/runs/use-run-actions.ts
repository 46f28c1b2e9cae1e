import type { RequestInput } from '../../shared/api'
import { useLab } from '../lab/lab-injection'
import { useNotices } from '../ui/use-notices'

/** Pause, resume, stop, rename, mark: each answers whether it was done, and says why not. */
export function useRunActions() {
  const { lab } = useLab()
  const { complain } = useNotices()

  async function done(work: Promise<unknown>): Promise<boolean> {
    try {
      await work
      return true
    } catch (error) {
      complain(error)
      return false
    }
  }
  return {
    pause: (run: number) => done(lab.request('runs.pause', { run })),
    resume: (run: number) => done(lab.request('runs.resume', { run })),
    move: (run: number, before: number | null) => done(lab.request('runs.move', { run, before })),
    stop: (run: number) => done(lab.request('runs.stop', { run })),
    skipTest: (run: number) => done(lab.request('runs.skip-test', { run })),
    rename: (run: number, name: string) => done(lab.request('runs.rename', { run, name })),
    mark: (signs: RequestInput<'runs.mark'>) => done(lab.request('runs.mark', signs)),
  }
}
