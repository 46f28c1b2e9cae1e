import { UserError } from '../../shared/errors'
import type { EngineSupervisor } from '../engine/supervisor'
import { checkQuestion } from '../store/query/words'
import type { Store } from '../store/store'
import type { Handlers } from './boundary'

/** Questions in SQL. Each has a process of its own: SQLite answers without a pause, and only an end of its process ends it. */
export function queryHandlers(store: Store, supervisor: EngineSupervisor): Pick<Handlers, 'store.query'> {
  return {
    async 'store.query'({ sql, rows, seconds }, control) {
      // What is not taken is told at once, without a process.
      checkQuestion(sql)
      const { answer, cancel } = supervisor.inBackground('query', { uri: store.uri, sql, rows }, () => undefined)
      let timer: NodeJS.Timeout | undefined
      control.onCancel(() => {
        // It would keep the program from ending.
        clearTimeout(timer)
        void cancel()
      })
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          void cancel()
          reject(
            new UserError(`there was no answer within ${seconds} s`, {
              place: 'SQL',
              remedy: 'ask for one run and fewer steps, or give it longer with --seconds',
            }),
          )
        }, seconds * 1000)
      })
      return Promise.race([answer, late]).finally(() => clearTimeout(timer))
    },
  }
}
