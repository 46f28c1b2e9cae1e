import { UserError } from '../../../shared/errors'
import { PlaceProfile } from '../../../shared/places/profile'
import type { Store } from '../../store/store'

/** Name of the setting of the store that holds them. */
const SETTING = 'places'

/** The places of a data folder, by name; one that cannot be read is left out. */
export function profiles(store: Store): PlaceProfile[] {
  const kept = store.settings.get(SETTING)
  const read = Array.isArray(kept) ? kept.flatMap((one) => PlaceProfile.safeParse(one).data ?? []) : []
  return read.sort((a, b) => a.name.localeCompare(b.name))
}

/** @throws UserError where there is none of this name. */
export function profileOf(store: Store, name: string): PlaceProfile {
  const all = profiles(store)
  const found = all.find((profile) => profile.name === name)
  if (found) return found
  throw new UserError(`there is no place "${name}"`, {
    remedy:
      all.length > 0 ? `there are ${all.map((one) => one.name).join(', ')}` : 'add one: normlab cluster add NAME --host HOST',
  })
}

export function saveProfile(store: Store, profile: PlaceProfile): PlaceProfile[] {
  store.settings.set(SETTING, [...profiles(store).filter(({ name }) => name !== profile.name), profile])
  return profiles(store)
}

/** What was sent there before goes on, and is followed as it was. @throws UserError where there is none of this name. */
export function removeProfile(store: Store, name: string): PlaceProfile[] {
  profileOf(store, name)
  store.settings.set(SETTING, profiles(store).filter((profile) => profile.name !== name)) // prettier-ignore
  return profiles(store)
}
