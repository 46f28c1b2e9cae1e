import { NONCE_HEADER, PROOF_PATH, proofText } from '../../shared/lab-port'
import { UserError } from '../../shared/errors'
import { forgetToken } from './token'

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * Sees that whoever answers at this page's address has its token, before the page gives it. Where another does, the token is forgotten.
 *
 * @throws UserError where it is another; Error where nobody answers.
 */
export async function requireOurServer(token: string): Promise<void> {
  const nonce = hexOf(crypto.getRandomValues(new Uint8Array(32)))
  const answer = await fetch(PROOF_PATH, { method: 'POST', cache: 'no-store', headers: { [NONCE_HEADER]: nonce } })
  const said = answer.ok ? ((await answer.json().catch(() => null)) as { proof?: unknown } | null)?.proof : undefined
  if (said === (await proofOf(token, nonce))) return
  forgetToken()
  throw new UserError('another program answers where NormLab did', { remedy: 'open the address that `normlab serve` prints' })
}

async function proofOf(token: string, nonce: string): Promise<string> {
  const encoder = new TextEncoder()
  const key = await crypto.subtle.importKey('raw', encoder.encode(token), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return hexOf(new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(proofText(nonce, location.port)))))
}
