import type { PlaceProfile } from '../../shared/places/profile'
import type { Place } from './place'
import { SlurmPlace } from './slurm/slurm'

/** The place that a profile is of. Nothing is connected before it is asked something. */
export function openPlace(profile: PlaceProfile): Place {
  switch (profile.kind) {
    case 'slurm':
      return new SlurmPlace(profile)
  }
}
