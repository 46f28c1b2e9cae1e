import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import path from 'node:path'
import type { EngineSupervisor } from '../engine/supervisor'
import type { Checkpoints } from '../store/checkpoints'
import { libraryItem, saveItem, setItemWeights } from '../store/library'
import type { Store } from '../store/store'
import { hashFile, itemWeightsFile, keepWeights, weightsFolder } from '../store/weight-files'
import type { Handlers } from './boundary'
import { SOURCE_FORMS } from '../../shared/network-forms'
import { type ChosenSources, inPageWords, sourceOf } from './chosen-sources'
import type { Ask } from './engine-handlers'
import { NORMLAB_VERSION } from './version'
import { keptWeights } from './weights'

export interface TakeWorld {
  readonly store: Store
  readonly supervisor: EngineSupervisor
  readonly sources: ChosenSources
  readonly checkpoints: Checkpoints
  readonly ask: Ask
}

/** Networks of other programs, read in a process of its own, which may die of what somebody's file holds. */
export function takeHandlers({
  store,
  supervisor,
  sources,
  checkpoints,
  ask,
}: TakeWorld): Pick<Handlers, 'library.take' | 'library.write'> {
  return {
    async 'library.write'({ from, form, out }) {
      const hasNone = 'item' in from && libraryItem(store, from.item).weights === null
      const kept = hasNone && SOURCE_FORMS.has(form) ? itemNetwork(store, from.item) : keptWeights(store, checkpoints, from)
      return { path: out, ...(await ask('export-network', { ...kept, form, producer: NORMLAB_VERSION, out })) }
    },
    async 'library.take'({ source, chosen }, control) {
      if (store.refusal) throw store.refusal
      const file = sourceOf(sources, source, chosen)
      const name = path.basename(file)
      const aside = path.join(weightsFolder(store.home), `${randomBytes(8).toString('hex')}.part`)
      const { answer, cancel } = supervisor.inBackground(
        'import-network',
        { file, name, out: aside },
        ({ phase, done = 0, total = 0 }) => control.tell({ phase, done, total, secondsLeft: null }),
      )
      control.onCancel(() => {
        void cancel()
        rmSync(aside, { force: true })
      })
      try {
        const { document, report } = await inPageWords(chosen, file, () => answer)
        const item = saveItem(store, { document })
        if (!report.hasWeights) return { item, report }
        const hash = hashFile(aside, name)
        const bytes = keepWeights({ file: aside, name }, itemWeightsFile(store.home, item.id, hash))
        return { item: setItemWeights(store, item.id, { name, bytes, hash, at: new Date().toISOString() }), report }
      } finally {
        rmSync(aside, { force: true })
        if (chosen !== undefined) sources.letGo(chosen)
      }
    },
  }
}

const itemNetwork = (store: Store, item: number): { network: unknown } => ({ network: libraryItem(store, item).document })
