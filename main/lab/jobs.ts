import { Pace } from '../../shared/job'
import type { Arrived, QuestionAnswer, QuestionInput, QuestionName } from '../engine/questions'
import type { BackgroundTask, EngineSupervisor } from '../engine/supervisor'
import type { JobControl } from './boundary'

interface Waiting {
  readonly begin: () => void
  readonly control: JobControl
}

/**
 * Work of the engine that takes its time, in a process of its own that gives way to the window and to runs. One at a time, as each takes
 * all the cores that it is left; the others wait and hear so.
 */
export class Jobs {
  private readonly waiting: Waiting[] = []
  private current: BackgroundTask | undefined

  constructor(private readonly supervisor: EngineSupervisor) {}

  /** @throws UserError where the work fails. Called off, it never settles. */
  run<N extends QuestionName>(name: N, input: QuestionInput<N>, control: JobControl): Promise<Arrived<QuestionAnswer<N>>> {
    return new Promise((resolve, reject) => {
      const pace = new Pace()
      let own: BackgroundTask | undefined
      const begin = (): void => {
        const work = this.supervisor.inBackground(name, input, (progress) => control.tell(pace.told(progress)))
        own = work
        this.current = work
        work.answer.then(resolve, reject).finally(() => this.end(work))
      }
      const place: Waiting = { begin, control }
      control.onCancel(() => {
        const at = this.waiting.indexOf(place)
        if (at >= 0) this.waiting.splice(at, 1)
        // What is at work by then may be another's.
        else if (own && this.current === own) {
          void own.cancel()
          this.end(own)
        }
      })
      this.waiting.push(place)
      this.next()
    })
  }

  /** Lets go of all work. */
  close(): void {
    this.waiting.length = 0
    void this.current?.cancel()
    this.current = undefined
  }

  private end(work: BackgroundTask): void {
    if (this.current !== work) return
    this.current = undefined
    this.next()
  }

  private next(): void {
    if (!this.current) this.waiting.shift()?.begin()
    for (const { control } of this.waiting) control.tell({ phase: 'waiting', done: 0, total: 0, secondsLeft: null })
  }
}
