import type { PickleFault } from './pickle-values'

/** Where a list, tuple or dict begins on the stack. */
const MARK = Symbol('mark')

/** The stack of the machine that reads a pickle. */
export class PickleStack {
  private readonly values: unknown[] = []

  constructor(private readonly fault: PickleFault) {}

  /** Begins a list, tuple or dict. */
  mark(): void {
    this.values.push(MARK)
  }

  push<T>(value: T): T {
    this.values.push(value)
    return value
  }

  pop(): unknown {
    const value = this.top()
    this.values.pop()
    return value
  }

  top(): unknown {
    if (this.values.length === 0) throw this.fault('its stack runs empty')
    const value = this.values[this.values.length - 1]
    if (value === MARK) throw this.fault('it takes the beginning of a list for a value')
    return value
  }

  popMany(count: number): unknown[] {
    if (this.values.length < count) throw this.fault('its stack runs empty')
    const values = this.values.splice(this.values.length - count)
    if (values.includes(MARK)) throw this.fault('it takes the beginning of a list for a value')
    return values
  }

  /** What was put there since the last mark, which goes too. */
  popMark(): unknown[] {
    const mark = this.values.lastIndexOf(MARK)
    if (mark < 0) throw this.fault('it ends what it did not begin')
    return this.values.splice(mark).slice(1)
  }
}
