import http, { type RequestOptions } from 'node:http'
import https from 'node:https'
import { WebSocket } from 'ws'
import { UserError } from '../../../shared/errors'
import type { RayProfile } from '../../../shared/places/profile'
import { NoAnswer } from '../place'

/** A question that takes longer than this has lost its connection, milliseconds. */
const LONGEST_MS = 60_000
/** More than this of one answer is no answer. */
const MOST_BYTES = 256e6
/** Of one message of a log; the service sends about 20,000 characters at a time, and a longer line whole. */
const MOST_MESSAGE = 64e6

export interface Answer {
  readonly status: number
  readonly text: string
}

/**
 * The Jobs REST interface of a Ray head. The token goes in a header, over an encrypted connection or to this machine itself, and nowhere else: no redirection is followed,
 * and no message holds it.
 */
export class RayService {
  constructor(
    private readonly profile: RayProfile,
    private readonly token: () => string | undefined,
  ) {}

  /** @param path Below the address, with a slash in front. @throws NoAnswer; UserError where the token is refused. */
  async ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: Uint8Array | object): Promise<Answer> {
    const headers = {
      ...this.headers(),
      ...(body && { 'Content-Type': body instanceof Uint8Array ? 'application/zip' : 'application/json' }),
    }
    const content = body instanceof Uint8Array ? body : body && JSON.stringify(body)
    const answer = await this.call(this.urlOf(path), { method, headers }, content)
    if (answer.status === 401 || answer.status === 403) throw this.refused(answer.status)
    if (answer.status >= 300 && answer.status < 400)
      throw new UserError('it sends on to another address', {
        place: this.profile.address,
        remedy: 'give that one in the profile',
      })
    return answer
  }

  /** @throws NoAnswer for all but success. */
  async json(path: string): Promise<unknown> {
    const { status, text } = await this.ask('GET', path)
    if (status !== 200) throw this.silent(status, text)
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw new NoAnswer(`${this.profile.address} answers, but not as Ray does`)
    }
  }

  silent(status: number, text: string): NoAnswer {
    return new NoAnswer(`${this.profile.address} answers ${status}: ${lastLine(text)}`)
  }

  /** Text as it comes over a WebSocket. */
  socket(path: string): WebSocket {
    const url = this.urlOf(path)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    return new WebSocket(url, {
      ...{ headers: this.headers(), followRedirects: false, handshakeTimeout: LONGEST_MS, maxPayload: MOST_MESSAGE },
      perMessageDeflate: false,
    })
  }

  /** Not by fetch, whose headers Ray takes for those of a browser, from which it takes no job. */
  private call(url: URL, how: RequestOptions, body: string | Uint8Array | undefined): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const lost = (why: string): void => reject(new NoAnswer(`${this.profile.address} gives no answer: ${why}`))
      const asked = (url.protocol === 'https:' ? https : http).request(url, how, (response) => {
        const parts: Buffer[] = []
        let length = 0
        response.on('data', (part: Buffer) => {
          parts.push(part)
          if ((length += part.length) > MOST_BYTES) asked.destroy(new Error('its answer is too long'))
        })
        response.on('error', ({ message }) => lost(message))
        response.on('end', () => resolve({ status: response.statusCode!, text: Buffer.concat(parts).toString('utf8') }))
      })
      asked.on('error', (error: NodeJS.ErrnoException) => lost(error.code ?? error.message))
      asked.on('close', () => lost('the connection was lost'))
      asked.setTimeout(LONGEST_MS, () => asked.destroy(new Error(`nothing came within ${LONGEST_MS / 1000} seconds`)))
      asked.end(body)
    })
  }

  private urlOf(path: string): URL {
    return new URL(this.profile.address.replace(/\/+$/, '') + path)
  }

  private headers(): Record<string, string> {
    const token = this.token()
    if (token === undefined) return {}
    const { protocol, hostname } = new URL(this.profile.address)
    if (protocol !== 'https:' && !isLoopback(hostname))
      throw new UserError('the token would go there unencrypted', {
        place: this.profile.address,
        remedy: `use https, or a tunnel and its address: ssh -L 8265:localhost:8265 ${hostname}, and http://localhost:8265`,
      })
    return { Authorization: `Bearer ${token}` }
  }

  private refused(status: number): UserError {
    return new UserError(
      this.token() === undefined ? 'it asks for a token, and none is kept for it' : `it refuses the token (${status})`,
      {
        place: this.profile.address,
        remedy: `give it: normlab cluster add ${this.profile.name} --token FILE`,
      },
    )
  }
}

const isLoopback = (hostname: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? ''
}
