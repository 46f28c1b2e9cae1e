import type { NetworkDocument } from '../../../shared/architecture/document'
import type { BlockDocument } from '../../../shared/library'
import { save } from '../../lab/save-file'
import { kerasSource } from '../../../shared/architecture/source/keras'
import { torchSource } from '../../../shared/architecture/source/torch'
import { networkFileName } from '../../../shared/run-files'
import { documentText } from './document-text'

/** Hands a network or block out as `<name>.json`. */
export function saveDocument(document: NetworkDocument | BlockDocument): Promise<void> {
  return save(`${document.name}.json`, new Blob([documentText(document)], { type: 'application/json' }))
}

/** Hands a network out as a program, without weights. @throws UserError where it does not fit together. */
export function saveSource(document: NetworkDocument, form: 'pytorch' | 'keras-source'): Promise<void> {
  const write = form === 'pytorch' ? torchSource : kerasSource
  const { text } = write(document, ['Written by NormLab.'])
  return save(networkFileName(document.name, form), new Blob([text], { type: 'text/x-python' }))
}
