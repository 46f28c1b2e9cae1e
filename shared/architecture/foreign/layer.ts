/** A network that another program wrote, as layers of ours, before it is drawn as blocks. */

export interface ForeignLayer {
  /** As its file calls it. */
  readonly name: string
  /** A kind of shared/ops; another word where we have no such layer. */
  readonly kind: string
  /** What it is called in a block, where that is not its kind. */
  readonly word?: string
  readonly attributes: Readonly<Record<string, unknown>>
  /** Places of the layers that feed it, all of them before it in the list. */
  readonly inputs: readonly number[]
}
