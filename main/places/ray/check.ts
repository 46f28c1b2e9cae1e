import { randomBytes } from 'node:crypto'
import { isUserError } from '../../../shared/errors'
import type { RayProfile } from '../../../shared/places/profile'
import { programOf, quoted } from '../task'
import { NoAnswer, type PlaceCheck } from '../place'
import { readRoom } from './answers'
import { withoutRays } from './job-log'
import { lastLine, type RayService } from './service'

/** A job that only looks begins within this, milliseconds. */
const LONGEST_MS = 90_000
const LOOK_MS = 500
const BEGIN = '@normlab-check '

/** Asks the service who it is, and has a job look at folder and program on a node. */
export async function checkRay(profile: RayProfile, service: RayService): Promise<readonly PlaceCheck[]> {
  const checks: PlaceCheck[] = []
  try {
    const { ray_version: version } = (await service.json('/api/version')) as { ray_version?: string }
    checks.push({
      name: 'connection',
      state: 'fine',
      text: `Ray ${version ?? 'of an unknown version'} answers at ${profile.address}`,
    })
    await service.json('/api/jobs/')
    const room = readRoom(await service.json('/api/cluster_status'))
    checks.push({ name: 'cores', state: room === null ? 'unknown' : 'fine', text: room ?? 'Ray does not say how many it has' })
    const told = await look(profile, service)
    const of = (word: string): string | undefined => new RegExp(`^${BEGIN}${word} (.*)$`, 'm').exec(told)?.[1]?.trim()
    const folder = of('folder')
    checks.push({
      name: 'folder',
      state: folder === undefined ? 'fault' : 'fine',
      text: folder ?? (lastLine(told) || 'no answer'),
    })
    const program = of('normlab')
    checks.push({
      name: 'normlab',
      state: program === undefined ? 'fault' : 'fine',
      text: program ?? (lastLine(told) || 'no answer'),
    })
  } catch (error) {
    if (!(error instanceof NoAnswer) && !isUserError(error)) throw error
    checks.push({ name: checks.length === 0 ? 'connection' : 'jobs', state: 'fault', text: error.message })
  }
  return checks
}

/** What a job on one of the nodes printed. */
async function look({ folder, name, ...task }: RayProfile, service: RayService): Promise<string> {
  const id = `normlab-check-${randomBytes(6).toString('hex')}`
  const program = `${programOf(task)} --version`
  const entrypoint = [
    `cd && mkdir -p ${quoted(folder)} && cd ${quoted(folder)} && : > .check && rm .check && echo "${BEGIN}folder $PWD"`,
    `version=$(${program}) && echo "${BEGIN}normlab $version"`,
  ].join('; ')
  const { status, text } = await service.ask('POST', '/api/jobs/', { submission_id: id, entrypoint, entrypoint_num_cpus: 0 })
  if (status !== 200) throw service.silent(status, text)
  const began = performance.now()
  for (;;) {
    const job = (await service.json(`/api/jobs/${id}`)) as { status?: string }
    if (job.status !== 'PENDING' && job.status !== 'RUNNING') break
    if (performance.now() - began > LONGEST_MS) throw new NoAnswer(`a job at ${name} does not begin`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
  const { logs } = (await service.json(`/api/jobs/${id}/logs`)) as { logs?: string }
  return withoutRays(logs ?? '')
}
