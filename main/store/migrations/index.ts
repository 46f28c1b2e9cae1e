import first from './1'
import second from './2'
import third from './3'
import fourth from './4'
import fifth from './5'
import sixth from './6'
import seventh from './7'
import eighth from './8'
import ninth from './9'
import tenth from './10'
import eleventh from './11'

/**
 * The script of each version, in order; a store is brought up by those that it has not seen. One that was released never changes, and says in
 * literal SQL all that it does. What is derived from records is filled after all of them: see ../derived.ts.
 *
 * A float that is NaN is NULL in its column, since SQLite has no NaN. Arrays are little-endian float32.
 */
export const migrations: readonly string[] = [first, second, third, fourth, fifth, sixth, seventh, eighth, ninth, tenth, eleventh]
