import { type BodyPiece, childrenOf, type Leaf, type Piece } from './pieces'

/** What blocks of one form are made from: those of their values in which they differ. */
export interface Form {
  readonly key: string
  /** The first of its blocks, of which the source is written. */
  readonly body: BodyPiece
  readonly count: number
  readonly parameters: readonly Parameter[]
  /** Of each leaf of such a block: its parameter, or the value that all have. */
  readonly leaves: readonly (Parameter | Leaf)[]
}
export interface Parameter {
  readonly name: string
  /** The leaf whose value is told for it. */
  readonly leaf: number
}

export const isParameter = (leaf: Parameter | Leaf): leaf is Parameter => 'leaf' in leaf

/** The forms of all bodies below a piece, those first that others are made of. @param isOwn Whether a body gets a form of its own. */
export function formsOf(root: Piece, isOwn: (body: BodyPiece) => boolean): Form[] {
  const bodies = new Map<string, BodyPiece[]>()
  const visit = (piece: Piece): void => {
    for (const child of childrenOf(piece)) visit(child)
    if (piece.kind !== 'body' || !isOwn(piece)) return
    const alike = bodies.get(piece.key)
    if (alike) alike.push(piece)
    else bodies.set(piece.key, [piece])
  }
  visit(root)
  return [...bodies].map(([key, alike]) => ({ key, body: alike[0]!, count: alike.length, ...differences(alike) }))
}

function differences(bodies: readonly BodyPiece[]): Pick<Form, 'parameters' | 'leaves'> {
  const parameters = new Map<string, Parameter>()
  const taken = new Set<string>()
  const leaves = bodies[0]!.leaves.map((leaf, at): Parameter | Leaf => {
    if (bodies.every((body) => body.leaves[at]!.value === leaf.value)) return leaf
    const column = bodies.map((body) => body.leaves[at]!.value).join()
    const known = parameters.get(column)
    if (known) return known
    const parameter = { name: unused(leaf.role || 'value', taken), leaf: at }
    parameters.set(column, parameter)
    return parameter
  })
  return { parameters: [...parameters.values()], leaves }
}

/** The word, or the word with the first number behind it that nothing else has; it is taken from now on. */
export function unused(word: string, taken: Set<string>): string {
  let name = word
  for (let number = 2; taken.has(name); number++) name = `${word}${number}`
  taken.add(name)
  return name
}
