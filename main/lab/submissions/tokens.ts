import path from 'node:path'
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import type { PlaceProfile } from '../../../shared/places/profile'
import { readPrivate } from '../../files/private-file'
import { OWNERS, writeFile } from '../../files/write-file'
import type { Store } from '../../store/store'
import { submissions } from '../../store/submissions'
import { profiles } from './profiles'

/**
 * Tokens of services that train runs, in a file of the data folder for its user alone: not in the store, which is asked in SQL and goes into backups. Each belongs to the
 * address that it was given for, so that whoever changes a profile's address does not get it.
 */
const Tokens = z.record(z.string(), z.string())

const fileOf = (home: string): string => path.join(home, 'place-tokens.json')

/** The token of a profile's address; none where there is no such file, or another user could have written it. */
export function tokenOf(home: string, profile: PlaceProfile): string | undefined {
  return profile.kind === 'ray' ? read(home)[originOf(profile)] : undefined
}

/** @param token Empty: it is forgotten. @throws UserError where the place has none. */
export function keepToken(home: string, profile: PlaceProfile, token: string): void {
  if (profile.kind !== 'ray')
    throw new UserError('a Slurm cluster has no token; ssh gets in by its keys', { place: profile.name, remedy: 'leave it out' })
  const { [originOf(profile)]: _, ...others } = read(home)
  write(home, token === '' ? others : { ...others, [originOf(profile)]: token })
}

/** Forgets tokens that neither a profile nor a grid on its way needs. */
export function sweepTokens(store: Store): void {
  const kept = read(store.home)
  const used = [...profiles(store), ...submissions(store, 'open').map(({ profile }) => profile)]
  const needed = new Set(used.flatMap((profile) => (profile.kind === 'ray' ? [originOf(profile)] : [])))
  const left = Object.entries(kept).filter(([origin]) => needed.has(origin))
  if (left.length < Object.keys(kept).length) write(store.home, Object.fromEntries(left))
}

const originOf = ({ address }: { readonly address: string }): string => new URL(address).origin

function read(home: string): Readonly<Record<string, string>> {
  try {
    return Tokens.parse(JSON.parse(readPrivate(fileOf(home))))
  } catch {
    return {}
  }
}

function write(home: string, tokens: Readonly<Record<string, string>>): void {
  writeFile(fileOf(home), JSON.stringify(tokens), OWNERS)
}
