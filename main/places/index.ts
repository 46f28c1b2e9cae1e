import type { PlaceProfile } from '../../shared/places/profile'
import type { Place } from './place'
import { RayPlace } from './ray/ray'
import { SlurmPlace } from './slurm/slurm'

/** The place that a profile is of. Nothing is connected before it is asked something. @param token That of now, where its service wants one. */
export function openPlace(profile: PlaceProfile, token: () => string | undefined = () => undefined): Place {
  switch (profile.kind) {
    case 'slurm':
      return new SlurmPlace(profile)
    case 'ray':
      return new RayPlace(profile, token)
  }
}
