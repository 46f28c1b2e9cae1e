import type { Wanted } from './libraries'
import type { Compression } from './options'

/** What every form of a package is made of. */
export interface FormInput {
  /** The checkout. */
  readonly root: string
  /** The unpacked app. */
  readonly app: string
  /** Where the package is written. */
  readonly folder: string
  /** An empty place of its own on the same disk. */
  readonly scratch: string
  /** NormLab's version. */
  readonly version: string
  readonly description: string
  readonly compression: Compression
  readonly wanted: Wanted
}
