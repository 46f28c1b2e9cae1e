import type { NetworkDocument } from '../../../shared/architecture/document'

/** A document on its way from one page to another that the library is not to keep. */
export interface Handed {
  readonly document: NetworkDocument
  /** The sentence that says why nothing can be changed; null where all can. */
  readonly readOnly: string | null
}

let handed: Handed | null = null

/** Lays a document ready for the editor, which is opened at `/design/network?handed=1`. */
export function hand(document: NetworkDocument, readOnly: string | null): void {
  handed = { document, readOnly }
}

/** What was handed over last; null where nothing was. It stays, so that Back finds it again. */
export const takeHanded = (): Handed | null => handed
