import { DATASET_FORMAT, RUN_FORMATS } from '../../shared/run-files'

/** A kind of file that the app opens. */
export interface FileKind {
  /** How its names end, without the dot. */
  readonly extension: string
  readonly name: string
  readonly mimeType: string
  /** The type that it is a case of, where there is one: whatever opens that can show it. */
  readonly isA?: string
}

/** What the system is told that NormLab opens. A network's document is JSON; one that is named so is known as ours. */
export const FILE_KINDS: readonly FileKind[] = [
  {
    extension: 'network.json',
    name: 'NormLab network',
    mimeType: 'application/vnd.normlab.network+json',
    isA: 'application/json',
  },
  { extension: RUN_FORMATS.bundle, name: 'NormLab run', mimeType: 'application/vnd.normlab.run', isA: 'application/vnd.sqlite3' },
  { extension: DATASET_FORMAT, name: 'Tensors', mimeType: 'application/vnd.safetensors' },
]
