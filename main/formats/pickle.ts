import { UserError } from '../../shared/errors'
import { PickleBytes } from './pickle-bytes'
import { PickleStack } from './pickle-stack'
import { integer, intLine, narrow, type PickleFault, quoted, rawUnicode, twosComplement } from './pickle-values'

/**
 * Python's pickles, protocols 0 to 5, read without running anything: a pickle is a program for a stack machine
 * (https://docs.python.org/3/library/pickletools.html), and the one instruction that calls a function gets what the caller of this
 * module allows by name, or an error. Values become None → null, int → number (bigint beyond 2^53), bytes and the 8-bit strings of
 * Python 2 → Uint8Array, tuple and list → array, dict → Map (keys of bytes as text), set → Set.
 */
export function unpickle(bytes: Uint8Array, world: PickleWorld, place: string): unknown {
  return unpickleAt(bytes, 0, world, place).value
}

/** One of several pickles behind one another. @returns its value, and where the next one begins. */
export function unpickleAt(
  bytes: Uint8Array,
  start: number,
  world: PickleWorld,
  place: string,
): { readonly value: unknown; readonly end: number } {
  const pickled = new PickleBytes(bytes, place, start)
  const value = new Machine(pickled, world, place).run()
  return { value, end: pickled.at }
}

/** What the names of a pickle stand for. */
export interface PickleWorld {
  /** A function or class: what it makes of its arguments. Undefined for what is not allowed, which ends the reading. */
  find(module: string, name: string): PickleFunction | undefined
  /** The value behind a persistent id. Without it such ids end the reading. */
  persistent?(id: unknown): unknown
}
export type PickleFunction = (args: readonly unknown[]) => unknown

/** An object that takes its state after it was made, as `__setstate__` does. */
export interface PickleObject {
  setState(state: unknown): void
}

/** The text of a string, or of bytes that are one in Python 2. */
export function pickleText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1')
    : undefined
}

/** A function on the stack, with the name that messages tell. */
class Global {
  constructor(
    readonly name: string,
    readonly call: PickleFunction,
  ) {}
}

/** What is called where a value is a function or class of the pickle's world; undefined for other values. */
export function functionOf(value: unknown): PickleFunction | undefined {
  return value instanceof Global ? value.call : undefined
}

/** Values that a pickle may hold: a data set's tables need a few, a bomb of references many. */
const MOST_OPERATIONS = 20_000_000
/** Bytes of one whole number: beyond it is no count, and taking it apart would take time. */
const MOST_INTEGER_BYTES = 1_000

class Machine {
  private readonly fault: PickleFault = (problem) => new UserError(`this is no whole pickle: ${problem}`, { place: this.place })
  private readonly stack = new PickleStack(this.fault)
  private readonly memo = new Map<number, unknown>()

  constructor(
    private readonly bytes: PickleBytes,
    private readonly world: PickleWorld,
    private readonly place: string,
  ) {}

  run(): unknown {
    for (let operation = 0; operation < MOST_OPERATIONS; operation++) {
      const code = this.bytes.byte()
      if (code === 0x2e) return this.stack.pop() // STOP
      this.step(code)
    }
    throw this.fault(`it has more than ${MOST_OPERATIONS} instructions`)
  }

  private step(code: number): void {
    const { bytes, stack, fault } = this
    switch (code) {
      case 0x80: // PROTO
        return this.protocol(bytes.byte())
      case 0x95: // FRAME
        return void bytes.count64()

      case 0x28: // MARK
        return stack.mark()
      case 0x30: // POP
        return void stack.pop()
      case 0x31: // POP_MARK
        return void stack.popMark()
      case 0x32: // DUP
        return void stack.push(stack.top())

      case 0x4e: // NONE
        return void stack.push(null)
      case 0x88: // NEWTRUE
        return void stack.push(true)
      case 0x89: // NEWFALSE
        return void stack.push(false)
      case 0x49: // INT
        return void stack.push(intLine(bytes.line(), fault))
      case 0x4c: // LONG
        return void stack.push(narrow(integer(bytes.line().replace(/L$/, ''), fault)))
      case 0x4a: // BININT
        return void stack.push(bytes.int32())
      case 0x4b: // BININT1
        return void stack.push(bytes.byte())
      case 0x4d: // BININT2
        return void stack.push(bytes.uint16())
      case 0x8a: // LONG1
        return void stack.push(narrow(twosComplement(bytes.take(bytes.byte()))))
      case 0x8b: // LONG4
        return void stack.push(narrow(twosComplement(bytes.take(this.integerBytes(bytes.uint32())))))
      case 0x46: // FLOAT
        return void stack.push(Number(bytes.line()))
      case 0x47: // BINFLOAT
        return void stack.push(bytes.float64BigEndian())

      case 0x53: // STRING
        return void stack.push(quoted(bytes.line(), fault))
      case 0x54: // BINSTRING
      case 0x42: // BINBYTES
        return void stack.push(bytes.take(bytes.uint32()))
      case 0x55: // SHORT_BINSTRING
      case 0x43: // SHORT_BINBYTES
        return void stack.push(bytes.take(bytes.byte()))
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return void stack.push(bytes.take(bytes.count64()))
      case 0x56: // UNICODE
        return void stack.push(rawUnicode(bytes.line()))
      case 0x58: // BINUNICODE
        return void stack.push(bytes.text(bytes.uint32()))
      case 0x8c: // SHORT_BINUNICODE
        return void stack.push(bytes.text(bytes.byte()))
      case 0x8d: // BINUNICODE8
        return void stack.push(bytes.text(bytes.count64()))

      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return void stack.push([])
      case 0x7d: // EMPTY_DICT
        return void stack.push(new Map())
      case 0x8f: // EMPTY_SET
        return void stack.push(new Set())
      case 0x6c: // LIST
      case 0x74: // TUPLE
        return void stack.push(stack.popMark())
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return void stack.push(stack.popMany(code - 0x84))
      case 0x64: // DICT
        return this.setItems(stack.popMark(), stack.push(new Map()))
      case 0x91: // FROZENSET
        return void stack.push(new Set(stack.popMark()))
      case 0x61: // APPEND
        return this.append([stack.pop()])
      case 0x65: // APPENDS
        return this.append(stack.popMark())
      case 0x73: // SETITEM
        return this.setItems(stack.popMany(2), stack.top())
      case 0x75: // SETITEMS
        return this.setItems(stack.popMark(), stack.top())
      case 0x90: // ADDITEMS
        return this.addItems(stack.popMark())

      case 0x70: // PUT
        return void this.memo.set(this.lineKey(), stack.top())
      case 0x71: // BINPUT
        return void this.memo.set(bytes.byte(), stack.top())
      case 0x72: // LONG_BINPUT
        return void this.memo.set(bytes.uint32(), stack.top())
      case 0x94: // MEMOIZE
        return void this.memo.set(this.memo.size, stack.top())
      case 0x67: // GET
        return this.recall(this.lineKey())
      case 0x68: // BINGET
        return this.recall(bytes.byte())
      case 0x6a: // LONG_BINGET
        return this.recall(bytes.uint32())

      case 0x63: // GLOBAL
        return void stack.push(this.global(bytes.line(), bytes.line()))
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = stack.popMany(2)
        return void stack.push(this.global(pickleText(module) ?? '?', pickleText(name) ?? '?'))
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callable, args] = stack.popMany(2)
        return void stack.push(this.call(callable, args))
      }
      case 0x92: {
        // NEWOBJ_EX: by keywords, which none of what is allowed takes.
        const [callable, args] = stack.popMany(3)
        return void stack.push(this.call(callable, args))
      }
      case 0x69: {
        // INST
        const callable = this.global(bytes.line(), bytes.line())
        return void stack.push(this.call(callable, stack.popMark()))
      }
      case 0x6f: {
        // OBJ
        const [callable, ...args] = stack.popMark()
        return void stack.push(this.call(callable, args))
      }
      case 0x62: // BUILD
        return this.build(stack.pop())
      case 0x50: // PERSID
        return void stack.push(this.persistent(bytes.line()))
      case 0x51: // BINPERSID
        return void stack.push(this.persistent(stack.pop()))
      default:
        throw this.fault(`there is no instruction 0x${code.toString(16).padStart(2, '0')} at byte ${bytes.at - 1}`)
    }
  }

  private protocol(version: number): void {
    if (version > 5) throw this.fault(`it is of protocol ${version}, which is newer than 5`)
  }

  private integerBytes(length: number): number {
    if (length > MOST_INTEGER_BYTES) throw this.fault(`it has a whole number of ${length} bytes`)
    return length
  }

  private append(values: readonly unknown[]): void {
    const list = this.stack.top()
    if (!Array.isArray(list)) throw this.fault('it appends to what is no list')
    for (const value of values) list.push(value)
  }

  private setItems(items: readonly unknown[], target: unknown): void {
    if (!(target instanceof Map)) throw this.fault('it sets an item of what is no dict')
    for (let i = 0; i + 1 < items.length; i += 2) target.set(pickleText(items[i]) ?? items[i], items[i + 1])
  }

  private addItems(items: readonly unknown[]): void {
    const target = this.stack.top()
    if (!(target instanceof Set)) throw this.fault('it adds to what is no set')
    for (const item of items) target.add(item)
  }

  private lineKey(): number {
    const line = this.bytes.line().trim()
    if (!/^\d{1,15}$/.test(line)) throw this.fault('the number of a kept value is none')
    return Number(line)
  }

  private recall(key: number): void {
    if (!this.memo.has(key)) throw this.fault(`it recalls value ${key}, which it never kept`)
    this.stack.push(this.memo.get(key))
  }

  private global(module: string, name: string): Global {
    const full = `${module}.${name}`
    const found = this.world.find(module, name)
    if (!found)
      throw new UserError(
        `it calls ${full.slice(0, 100).replace(/[^\x20-\x7e]/g, '?')}, which is no part of a data file; nothing of it was run`,
        {
          place: this.place,
          remedy: 'save plain arrays instead',
        },
      )
    return new Global(full, found)
  }

  private call(callable: unknown, args: unknown): unknown {
    if (!(callable instanceof Global)) throw this.fault('it calls what is no function')
    if (!Array.isArray(args)) throw this.fault(`it calls ${callable.name} without arguments`)
    return callable.call(args)
  }

  private build(state: unknown): void {
    const object = this.stack.top()
    if (isPickleObject(object)) object.setState(state)
    else if (!(object instanceof Map)) throw this.fault('it sets the state of what has none')
  }

  private persistent(id: unknown): unknown {
    if (!this.world.persistent) throw this.fault('it refers to what lies outside of it')
    return this.world.persistent(id)
  }
}

function isPickleObject(value: unknown): value is PickleObject {
  return typeof value === 'object' && value !== null && typeof (value as Partial<PickleObject>).setState === 'function'
}
