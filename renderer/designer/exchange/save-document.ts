import type { NetworkDocument } from '../../../shared/architecture/document'
import type { BlockDocument } from '../../../shared/library'
import { save } from '../../charts/chart-file'

/** A document as a file's text; reads back equal. */
export const documentText = (document: NetworkDocument | BlockDocument): string => `${JSON.stringify(document, null, 2)}\n`

/** Hands a network or block out as `<name>.json`. */
export function saveDocument(document: NetworkDocument | BlockDocument): void {
  save(`${document.name}.json`, new Blob([documentText(document)], { type: 'application/json' }))
}
