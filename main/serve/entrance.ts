import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { proofText } from '../../shared/lab-port'

/** Wrong words within a minute, after which further ones are told to wait. A page that was left open with an old token tries every four seconds. */
const MOST_WRONG = 30
const MINUTE_MS = 60_000

/** A word that nobody can guess: 256 bits. */
export const newToken = (): string => randomBytes(32).toString('hex')

/** Compared in constant time. */
export function isSame(offered: string, wanted: string): boolean {
  const [given, right] = [Buffer.from(offered), Buffer.from(wanted)]
  return given.length === right.length && timingSafeEqual(given, right)
}

/** The proof that whoever answers at a port has the token; undefined where the word is none. */
export function proofOf(token: string, nonce: string, port: number): string | undefined {
  return /^[0-9a-f]{64}$/.test(nonce) ? createHmac('sha256', token).update(proofText(nonce, port)).digest('hex') : undefined
}

export type Knock = 'in' | 'wrong' | 'too-often'

/**
 * Who is let in: whoever has the token. A page gets it for a ticket, which stands in the address that it is opened by and is good for one
 * time: browsers keep addresses, with their fragments, and a used ticket in a history opens nothing.
 *
 * Wrong words are counted, whoever sends them, since all come from this machine; beyond so many a minute they are told to wait, and that is
 * told to whoever runs the server. The right one is let in all the same: nobody can keep its owner out, and 256 bits are not found by trying.
 */
export class Entrance {
  private current = newToken()
  /** When wrong words came, milliseconds of a clock that does not jump. */
  private wrong: number[] = []
  private isTold = false

  /** @param onSiege Hears once a minute at most that wrong words come too often. */
  constructor(
    readonly token: string,
    private readonly onSiege: (sentence: string) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The word that the next page is let in by. */
  get ticket(): string {
    return this.current
  }

  knock(offered: string): Knock {
    return isSame(offered, this.token) ? 'in' : this.refused()
  }

  /** Takes a ticket for the token; the next one is another. */
  exchange(offered: string): Knock {
    if (!isSame(offered, this.current)) return this.refused()
    this.current = newToken()
    return 'in'
  }

  private refused(): Knock {
    const now = this.now()
    this.wrong = this.wrong.filter((at) => now - at < MINUTE_MS)
    if (this.wrong.length < MOST_WRONG) {
      this.wrong.push(now)
      this.isTold = false
      return 'wrong'
    }
    if (!this.isTold) this.onSiege(`somebody on this computer tries wrong tokens: ${MOST_WRONG} within a minute`)
    this.isTold = true
    return 'too-often'
  }
}
