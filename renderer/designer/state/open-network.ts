import type { LocationQuery } from 'vue-router'
import type { Lab } from '../../../shared/api'
import { networkFromPreset } from '../../../shared/architecture'
import { DOCUMENT_VERSION, type NetworkDocument } from '../../../shared/architecture/document'
import { UserError } from '../../../shared/errors'
import { networkOfRun } from '../../../shared/run-settings'
import type { LibraryItem } from '../../../shared/library'
import { takeHanded } from '../exchange/handover'
import { benchOf } from './block-bench'
import type { OpenedNetwork } from './use-designer-state'

const emptyDocument = (name = 'Untitled network'): NetworkDocument => ({
  format: 'normlab/network',
  version: DOCUMENT_VERSION,
  name,
  nodes: [],
})

/**
 * The network that an address means: `id` an item of the library, `preset` a preset's words, `run` a run's network, `handed` what
 * another page laid ready; else an empty canvas.
 *
 * @throws UserError where there is no such thing.
 */
export async function openNetwork(lab: Lab, query: LocationQuery): Promise<OpenedNetwork> {
  const fresh = { item: null, readOnly: null, source: null, nameWhenChanged: null }
  const { id, preset, run, handed } = query
  if (typeof id === 'string') return openItem(await lab.request('library.show', { id: numberOf(id, 'network') }))
  if (typeof preset === 'string')
    return { ...fresh, document: networkFromPreset(preset), source: { preset }, nameWhenChanged: `${preset}, edited` }
  if (typeof run === 'string') {
    const shown = await lab.request('runs.show', { run: numberOf(run, 'run') })
    const document = networkOfRun(shown)
    const nameWhenChanged = `${document.name}, from ${shown.name}`.slice(0, 200)
    return { ...fresh, document, source: { run: shown.id }, nameWhenChanged }
  }
  if (handed !== undefined) {
    const found = takeHanded()
    if (!found) throw new UserError('the file is no longer at hand', { remedy: 'open it once more' })
    return { ...fresh, document: found.document, readOnly: found.readOnly }
  }
  return { ...fresh, document: emptyDocument() }
}

function openItem(item: LibraryItem): OpenedNetwork {
  const { document } = item
  const shown = document.format === 'normlab/block' ? benchOf(document) : document
  return { document: shown, item, readOnly: null, source: null, nameWhenChanged: null }
}

function numberOf(text: string, what: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UserError(`“${text.slice(0, 40)}” is no ${what}’s number`)
  return Number(text)
}
