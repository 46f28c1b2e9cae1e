import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import type { CellEvent } from '../../shared/places/cell-log'
import { decodeMessage, encodeMessage } from '../../shared/wire'

/** Records that stand in one line: a line is read whole, and stored in one transaction. */
const AT_ONCE = 64
/** How far back the last whole line is looked for first, bytes. */
const FIRST_WINDOW = 1 << 16

/** The log that a task writes about its run, after its store has the records: it only grows, and a reader may be at it at any time. */
export class CellLog {
  /** The last step and epoch that it tells of. */
  step = 0
  epoch = 0
  private readonly file: number

  constructor(path: string) {
    this.file = openSync(path, 'a+', 0o600)
    const size = fstatSync(this.file).size
    if (size === 0) return
    // A task that was killed may have left half a line.
    if (this.read(size - 1, 1) !== '\n') writeSync(this.file, '\n')
    this.findLast(size)
  }

  add(event: CellEvent): void {
    if (event.type !== 'records') return this.write(event)
    const { steps, epochs } = event
    for (let from = 0; from < steps.length; from += AT_ONCE)
      this.write({ type: 'records', steps: steps.slice(from, from + AT_ONCE), epochs: [] })
    if (epochs.length > 0) this.write({ type: 'records', steps: [], epochs })
    this.step = steps[steps.length - 1]?.step ?? this.step
    this.epoch = epochs[epochs.length - 1]?.epoch ?? this.epoch
  }

  close(): void {
    closeSync(this.file)
  }

  private write(event: CellEvent): void {
    writeSync(this.file, `${encodeMessage(event)}\n`)
  }

  private read(from: number, bytes: number): string {
    const buffer = Buffer.alloc(bytes)
    return buffer.toString('utf8', 0, readSync(this.file, buffer, 0, bytes, from))
  }

  /** Looks through the last lines, farther and farther back until there is one with steps. */
  private findLast(size: number): void {
    for (let window = FIRST_WINDOW; ; window *= 4) {
      const from = Math.max(0, size - window)
      const lines = this.read(from, size - from).split('\n')
      // The first one may have begun before.
      const events = lines.slice(from > 0 ? 1 : 0).flatMap((line) => recordsOf(line))
      this.step = Math.max(0, ...events.flatMap(({ steps }) => steps.map(({ step }) => step)))
      this.epoch = Math.max(0, ...events.flatMap(({ epochs }) => epochs.map(({ epoch }) => epoch)))
      if (this.step > 0 || from === 0) return
    }
  }
}

type Records = Extract<CellEvent, { type: 'records' }>

function recordsOf(line: string): Records[] {
  try {
    const event = decodeMessage(line) as CellEvent
    return event.type === 'records' ? [event] : []
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}
