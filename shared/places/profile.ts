import { z } from 'zod'

/** What people call a place: it stands in a run's execution, in commands and in names of files. */
export const PlaceName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,59}$/, 'must be up to 60 letters, digits, dots, dashes and underscores, a letter or digit first')

/** A word that goes to a program of the place as it is: nothing in it means anything to a shell. */
const word = (what: string) =>
  z.string().regex(/^[A-Za-z0-9_][\w.,:/@+%=-]{0,199}$/, `must be ${what}, without blanks and quotes`)

/** One line that a shell of the place runs; it is its user's, on its user's account. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .regex(/^[^\0\r\n]*$/, 'must be one line')

const folder = z
  .string()
  .regex(/^[A-Za-z0-9_./@+%=,-]{1,500}$/, 'must be a path without blanks, quotes and ~')
  .refine((path) => !path.startsWith('-') && !path.split('/').includes('..'), 'must not hold .. and not begin with a dash')

/** How a Slurm cluster is reached, and what each task asks of it. */
const slurm = z.strictObject({
  kind: z.literal('slurm'),
  name: PlaceName,
  /** Its login node, as ssh knows it: a host or an alias of ~/.ssh/config. No word that ssh would take for an option. */
  host: z.string().regex(/^[A-Za-z0-9][\w.-]{0,252}$/, 'must be a host’s name or address, or an alias of ~/.ssh/config'),
  user: z
    .string()
    .regex(/^[A-Za-z0-9_][\w.-]{0,62}$/, 'must be a user’s name')
    .optional(),
  port: z.number().int().min(1).max(65535).optional(),
  partition: word('a partition’s name').optional(),
  account: word('an account’s name').optional(),
  /** A quality of service, where the site has several. */
  qos: word('a quality of service’s name').optional(),
  /** Features that a node must have, in Slurm’s words: `a100|h100`. */
  constraint: z
    .string()
    .regex(/^[A-Za-z0-9_[(][\w.,:=*&|()[\]-]{0,199}$/, 'must be features of nodes, as in a100|h100, without blanks')
    .optional(),
  /** Of a task. At its end the run writes a checkpoint and the task goes into the queue again. */
  minutes: z.number().int().min(1).max(525_600).default(60),
  cpus: z.number().int().min(1).max(1024).default(1),
  gpus: z.number().int().min(0).max(64).default(0),
  /** As the site calls them: `a100`. */
  gpuType: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,62}$/, 'must be a type of GPUs, as in a100')
    .optional(),
  /** Megabytes; what the cluster gives where absent. */
  memory: z.number().int().min(1).max(100_000_000).optional(),
  /** For `module load`. */
  modules: z.array(word('modules’ names')).max(50).default([]),
  /** What stands before the command: `apptainer exec --nv /images/normlab.sif`. */
  container: line.optional(),
  /** On a file system that login node and compute nodes share; from the user's home folder where it does not begin with a slash. */
  folder: folder.default('normlab'),
  /** What is `normlab` there. */
  command: line.default('normlab'),
})
export const SlurmProfile = slurm.refine(({ gpus, gpuType }) => gpus > 0 || gpuType === undefined, {
  path: ['gpuType'],
  message: 'needs a number of GPUs above 0',
})
export type SlurmProfile = z.infer<typeof SlurmProfile>

/** How a Ray cluster's jobs are asked for, and what each takes. Its token is kept apart (main/lab/submissions/tokens.ts). */
export const RayProfile = z.strictObject({
  kind: z.literal('ray'),
  name: PlaceName,
  /** Of its head's dashboard, which has the Jobs interface: `http://localhost:8265`. */
  address: z
    .string()
    .max(500)
    .regex(
      /^https?:\/\/(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(:\d{1,5})?(\/[\w.~%+-]+)*\/?$/,
      'must be an address as http://localhost:8265 or https://ray.example.org',
    ),
  cpus: z.number().int().min(1).max(1024).default(1),
  gpus: z.number().int().min(0).max(64).default(0),
  /** Megabytes; no claim where absent. */
  memory: z.number().int().min(1).max(100_000_000).optional(),
  /** Jobs that are submitted and not over: Ray gives up a job that waits for its cores too long. */
  jobs: z.number().int().min(1).max(10_000).default(8),
  container: line.optional(),
  /** On a file system that all its nodes share. */
  folder: folder.default('normlab'),
  command: line.default('normlab'),
})
export type RayProfile = z.infer<typeof RayProfile>

/** What a service asks for in a header; empty for none. */
export const PlaceToken = z
  .string()
  .max(8192)
  .regex(/^[\x21-\x7e]*$/, 'must be one word without blanks')

/** Places by kind; another kind is another member. */
export const PlaceProfile = z.discriminatedUnion('kind', [SlurmProfile, RayProfile])
export type PlaceProfile = z.infer<typeof PlaceProfile>

/** What one task of a place has: for what it costs and for how many threads a run of it takes. */
export function shareOf(profile: PlaceProfile): {
  readonly cpus: number
  readonly gpus: number
  /** Null where a task may take as long as it will. */
  readonly minutes: number | null
} {
  const { cpus, gpus } = profile
  return { cpus, gpus, minutes: profile.kind === 'slurm' ? profile.minutes : null }
}
