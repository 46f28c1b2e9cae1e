import type { Reference } from './pieces'

/** Calls that stand in one another in a line. */
const MOST_DEPTH = 3

interface Value {
  readonly text: string
  readonly depth: number
  /** Variables in it, one as often as it stands there. */
  readonly variables: readonly string[]
}

/** Writes down how values go through a function, line by line, with as few variables as it takes. */
export class Pass {
  readonly lines: string[] = []
  private readonly values = new Map<Reference, Value>()
  /** How often each variable is still wanted. */
  private readonly wanted = new Map<string, number>()

  /** @param uses How often each value is taken, by its reference. */
  constructor(
    entering: readonly string[],
    private readonly uses: ReadonlyMap<Reference, number>,
  ) {
    entering.forEach((name, at) => this.set(-1 - at, name))
  }

  /** A value of others; it stands where it is used where that is once and there is room. @param depth 3 has it on a line of its own. */
  say(
    at: Reference,
    inputs: readonly Reference[],
    preferred: readonly string[],
    depth: number,
    text: (inputs: readonly string[]) => string,
  ): void {
    const all = depth + Math.max(0, ...inputs.map((input) => this.values.get(input)!.depth))
    if (all > MOST_DEPTH) for (const input of inputs) this.settle(input, [])
    const taken = inputs.map((input) => this.values.get(input)!)
    this.values.set(at, {
      text: text(taken.map((value) => value.text)),
      depth: depth + Math.max(0, ...taken.map((value) => value.depth)),
      variables: taken.flatMap((value) => value.variables),
    })
    if (this.uses.get(at) !== 1 || depth >= MOST_DEPTH) this.settle(at, preferred)
  }

  /** The first input goes through the same again and again. @param body Lines of one turn, the variable's name given. */
  repeat(
    at: Reference,
    inputs: readonly Reference[],
    preferred: readonly string[],
    body: (variable: string, others: readonly string[]) => string[],
  ): void {
    for (const input of inputs) this.settle(input, [])
    const texts = inputs.map((input) => this.values.get(input)!.text)
    for (const text of texts) this.release(text)
    const others = texts.slice(1)
    const isFree = (this.wanted.get(texts[0]!) ?? 0) === 0 && !others.includes(texts[0]!)
    const name = isFree ? texts[0]! : this.free([...preferred, ...OTHERS].filter((one) => !others.includes(one)))
    if (name !== texts[0]) this.lines.push(`${name} = ${texts[0]}`)
    this.lines.push(...body(name, others))
    this.set(at, name)
  }

  /** The value's text, which is wanted now. */
  end(at: Reference): string {
    return this.values.get(at)!.text
  }

  private settle(at: Reference, preferred: readonly string[]): void {
    const { text, depth, variables } = this.values.get(at)!
    if (depth === 0) return
    for (const variable of variables) this.release(variable)
    const name = variables.find((variable) => this.wanted.get(variable) === 0) ?? this.free([...preferred, ...OTHERS])
    this.lines.push(`${name} = ${text}`)
    this.set(at, name)
  }

  private set(at: Reference, name: string): void {
    this.wanted.set(name, this.uses.get(at) ?? 0)
    this.values.set(at, { text: name, depth: 0, variables: [name] })
  }
  private release(variable: string): void {
    this.wanted.set(variable, this.wanted.get(variable)! - 1)
  }
  private free(names: readonly string[]): string {
    for (let number = 1; ; number++) {
      const name = names.map((one) => (number === 1 ? one : `${one}${number}`)).find((one) => (this.wanted.get(one) ?? 0) === 0)
      if (name !== undefined) return name
    }
  }
}

const OTHERS = ['y', 'z', 'w']

/** How often each value of a body is taken. */
export function usesOf(references: readonly (readonly Reference[])[], output: Reference): ReadonlyMap<Reference, number> {
  const uses = new Map<Reference, number>()
  for (const at of [...references.flat(), output]) uses.set(at, (uses.get(at) ?? 0) + 1)
  return uses
}
