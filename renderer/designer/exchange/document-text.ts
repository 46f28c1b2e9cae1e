import type { NetworkDocument } from '../../../shared/architecture/document'
import type { BlockDocument } from '../../../shared/library'

/** A document as a file's text; reads back equal. */
export const documentText = (document: NetworkDocument | BlockDocument): string => `${JSON.stringify(document, null, 2)}\n`
