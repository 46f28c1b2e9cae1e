import type { PlaceProfile } from '../../shared/places/profile'
import type { Place } from './place'
import { RayPlace } from './ray/ray'
import { SlurmPlace } from './slurm/slurm'

/**
 * The place that a profile is of. Nothing is connected before it is asked something.
 *
 * @param token That of now, where its service wants one.
 * @param leaving Ends files that are on their way, which may take hours.
 */
export function openPlace(
  profile: PlaceProfile,
  token: () => string | undefined = () => undefined,
  leaving?: AbortSignal,
): Place {
  switch (profile.kind) {
    case 'slurm':
      return new SlurmPlace(profile, leaving)
    case 'ray':
      return new RayPlace(profile, token, leaving)
  }
}
