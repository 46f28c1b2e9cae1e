import type { NetworkDocument } from '../../../shared/architecture/document'
import type { BlockDocument } from '../../../shared/library'
import { save } from '../../lab/save-file'
import { documentText } from './document-text'

/** Hands a network or block out as `<name>.json`. */
export function saveDocument(document: NetworkDocument | BlockDocument): Promise<void> {
  return save(`${document.name}.json`, new Blob([documentText(document)], { type: 'application/json' }))
}
