import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Socket } from 'node:net'
import tls from 'node:tls'
import { UserError } from '../../../shared/errors'

/** A connection over which nothing has come for this long is given up, milliseconds. */
const IDLE_MS = 60_000
const MOST_REDIRECTS = 5

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/**
 * Gets an address, through the proxy that HTTPS_PROXY or HTTP_PROXY names unless NO_PROXY lets the host out. Redirects are followed, from https to nothing
 * less.
 *
 * @throws Error where nobody answers; a status that is no success is the caller's to judge.
 */
export async function get(address: URL, options: GetOptions = {}, left = MOST_REDIRECTS): Promise<IncomingMessage> {
  const answer = await ask(address, options)
  const { statusCode = 0, headers } = answer
  if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) return answer
  answer.destroy()
  const next = new URL(headers.location, address)
  if (left === 0 || !(next.protocol === address.protocol || next.protocol === 'https:'))
    throw new UserError('it leads from one address to another without end, or to one that is not safe', { place: address.host })
  return get(next, options, left - 1)
}

async function ask(address: URL, { headers = {}, signal }: GetOptions): Promise<IncomingMessage> {
  const proxy = proxyFor(address)
  const socket = proxy && (await tunnel(proxy, address, signal))
  return new Promise((resolve, reject) => {
    const secure = address.protocol === 'https:'
    const given: http.RequestOptions = {
      headers,
      ...(signal && { signal }),
      ...(socket && {
        agent: false,
        createConnection: () => (secure ? tls.connect({ socket, servername: address.hostname }) : socket),
      }),
    }
    const request = (secure ? https : http).get(address, given, resolve)
    request.setTimeout(IDLE_MS, () => request.destroy(new Error('nothing has come for a minute')))
    request.on('error', reject)
  })
}

/** The proxy that the environment names for an address. */
export function proxyFor({ protocol, hostname }: URL, environment: NodeJS.ProcessEnv = process.env): URL | undefined {
  const variable = (name: string): string | undefined => environment[name.toLowerCase()] ?? environment[name]
  const named = variable(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  if (!named) return undefined
  const exceptions = (variable('NO_PROXY') ?? '').split(',').map((part) => part.trim().replace(/^\./, ''))
  if (exceptions.some((part) => part === '*' || (part !== '' && (hostname === part || hostname.endsWith(`.${part}`))))) return undefined // prettier-ignore
  try {
    return new URL(named.includes('://') ? named : `http://${named}`)
  } catch {
    throw new UserError('this is no address of a proxy', { place: 'HTTPS_PROXY', remedy: 'write it like http://proxy:3128' })
  }
}

/** A connection to the address's host that the proxy has made (RFC 9110, 9.3.6). */
function tunnel(proxy: URL, address: URL, signal: AbortSignal | undefined): Promise<Socket> {
  const place = `${address.hostname}:${address.port || (address.protocol === 'https:' ? 443 : 80)}`
  const name = decodeURIComponent(proxy.username)
  const credentials = name && `Basic ${Buffer.from(`${name}:${decodeURIComponent(proxy.password)}`).toString('base64')}`
  return new Promise((resolve, reject) => {
    const request = (proxy.protocol === 'https:' ? https : http).request({
      ...{ host: proxy.hostname, port: proxy.port || undefined, method: 'CONNECT', path: place, agent: false },
      headers: { host: place, ...(credentials && { 'proxy-authorization': credentials }) },
      ...(signal && { signal }),
    })
    request.setTimeout(IDLE_MS, () => request.destroy(new Error('the proxy does not answer')))
    request.on('error', reject)
    request.on('response', (answer) => reject(new Error(`the proxy answers ${answer.statusCode}`)))
    request.on('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket as Socket)
      socket.destroy()
      reject(new Error(`the proxy answers ${answer.statusCode}`))
    })
    request.end()
  })
}
