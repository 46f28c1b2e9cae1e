import type { NetworkDocument } from '../../../shared/architecture/document'

/** A document on its way from one page to another that the library is not to keep. */
export interface Handed {
  readonly document: NetworkDocument
  /** The sentence that says why nothing can be changed; null where all can. */
  readonly readOnly: string | null
}

let handed: Handed | null = null
let turn = 0

/**
 * Lays a document ready for the editor.
 *
 * @returns The query of the address that opens it there, another one each time.
 */
export function hand(document: NetworkDocument, readOnly: string | null): { handed: string } {
  handed = { document, readOnly }
  return { handed: `${++turn}` }
}

/** What was handed over last; null where nothing was. It stays, so that Back finds it again. */
export const takeHanded = (): Handed | null => handed
