import type { WebSocket } from 'ws'
import { UserError } from '../../../shared/errors'
import { isToldLine, readToldLine, type ToldPiece } from '../../../shared/places/told-lines'

/** Log that is kept until it is fetched, bytes; beyond, the service is not read on. */
const MOST_KEPT = 8e6
/** Other lines of its output that a job which went wrong is told by. */
const LAST_LINES = 6
/** What Ray itself writes there. */
const RAYS_OWN = /^Running entrypoint for job |INFO job_manager\.py:/

/** A job's output as its program printed it. */
export function withoutRays(text: string): string {
  const lines = text.split('\n')
  return lines.filter((line) => !RAYS_OWN.test(line)).join('\n')
}

/** Takes text as it comes, whole lines at a time. */
export class Lines {
  private rest = ''

  constructor(private readonly onLine: (line: string) => void) {}

  add(text: string): void {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop()!
    for (const line of lines) this.onLine(line)
  }
}

/**
 * What one job prints, from its first line on: a cell's log from a byte on, its last word, and what else it said. The connection stays open while the job runs, as the service
 * has no way to be asked for a part of the output.
 */
export class JobLog {
  /** The service has told all there is. */
  isWhole = false
  private at = 0
  private parts: Uint8Array[] = []
  private kept = 0
  private words = Buffer.alloc(0)
  private end: string | null = null
  private said: string[] = []
  private fault: UserError | undefined
  private isLost = false
  private waiting: (() => boolean)[] = []

  /** @param from Bytes of the log that are known; they are passed over. */
  constructor(
    private readonly socket: WebSocket,
    private from: number,
  ) {
    const lines = new Lines((line) => this.take(line))
    socket.on('message', (data: Buffer) => {
      lines.add(data.toString('utf8'))
      if (this.kept > MOST_KEPT) socket.pause()
      this.wake()
    })
    socket.on('close', (code) => {
      // 1000: the service came to the end of it.
      if (code === 1000) this.isWhole = true
      else if (!this.isWhole) this.isLost = true
      this.wake()
    })
    socket.on('error', () => undefined)
  }

  /** Whether another connection is needed to hear more. */
  get isGone(): boolean {
    return this.isLost
  }

  get lastLines(): string {
    return this.said.slice(-LAST_LINES).join('\n').slice(-4000)
  }

  /** Until there is something to fetch, or nothing more will come. */
  settled(milliseconds: number): Promise<void> {
    if (this.isWhole || this.isLost || this.kept > 0 || this.end !== null) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.waiting.push(() => {
        if (!this.isWhole && !this.isLost && this.kept === 0 && this.end === null) return false
        clearTimeout(timer)
        resolve()
        return true
      })
    })
  }

  /**
   * The bytes from where the last ones ended, and the last word after all of them. @param from What is known now.
   * @throws UserError where it is the log of another folder.
   */
  fetch(from: number): { readonly log: Uint8Array; readonly end: string | null } | undefined {
    if (this.fault) throw this.fault
    if (from !== this.from) return undefined
    const log = Buffer.concat(this.parts)
    const { end } = this
    ;[this.parts, this.kept] = [[], 0]
    this.from += log.length
    this.socket.resume()
    return { log, end }
  }

  close(): void {
    this.socket.terminate()
  }

  private take(line: string): void {
    const piece = readToldLine(line, (text) => Buffer.from(text, 'base64'))
    if (piece?.file === 'log') this.takeLog(piece)
    else if (piece?.file === 'end') this.takeEnd(piece)
    else if (!isToldLine(line) && line.trim() !== '' && !RAYS_OWN.test(line))
      this.said = [...this.said.slice(1 - LAST_LINES), line]
  }

  private takeLog({ from, bytes }: ToldPiece): void {
    // A piece that does not follow is no use: the job will be asked to tell all of it once more.
    if (from !== this.at) return
    this.at += bytes.length
    const known = this.from + this.kept
    if (this.from > from && this.from <= this.at && bytes[this.from - from - 1] !== 0x0a && this.kept === 0)
      this.fault = elsewhere()
    const news = bytes.subarray(Math.max(0, known - from))
    if (news.length === 0) return
    this.parts.push(news)
    this.kept += news.length
  }

  private takeEnd({ from, total, bytes }: ToldPiece): void {
    if (from === 0) this.words = Buffer.alloc(0)
    if (from !== this.words.length) return
    this.words = Buffer.concat([this.words, bytes])
    if (this.words.length !== total) return
    if (this.at < this.from) this.fault = elsewhere()
    this.end = this.words.toString('utf8')
    this.isWhole = true
    // Its bundle comes next; that is read when it is wanted.
    this.socket.terminate()
    this.wake()
  }

  private wake(): void {
    this.waiting = this.waiting.filter((isServed) => !isServed())
  }
}

const elsewhere = (): UserError =>
  new UserError('the folder of its job is not the one that the cell began in', {
    remedy: 'name a folder in the profile that all nodes of the cluster share',
  })
