import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Check, type Lab, SelfTest } from '../../shared/api'
import { isUserError } from '../../shared/errors'
import { type InstalledEngine, chosenEngine, installedEngine, readThrough } from '../engine/packs/installed'
import type { EngineSupervisor } from '../engine/supervisor'
import { OWNERS, writeFile } from '../files/write-file'
import { type Part, partsOf } from './job-parts'
import type { JobWork } from './job-work'
import { checkShipped, shippedBytes } from './shipped-files'
import { askPart, lookThrough, storeBytes } from './self-test-parts'
import { NORMLAB_VERSION } from './version'

const KEPT = 'self-test.json'

/** How the last self-test of a data folder ended; null where none did, or what was kept cannot be read. */
export function lastSelfTest(home: string): SelfTest | null {
  try {
    return SelfTest.parse(JSON.parse(readFileSync(path.join(home, KEPT), 'utf8')))
  } catch {
    return null
  }
}

export interface SelfTestWorld {
  /** The data folder. */
  readonly home: string
  readonly supervisor: EngineSupervisor
  /** The bundled `engine/host.js`; the pages lie two folders above it. */
  readonly hostPath: string
}

/**
 * Whether this NormLab works on this machine: its files are as they were shipped, its engine computes what it has to, the run store is whole, the pages are
 * there. Changes nothing, and is kept in the data folder where that can be written.
 */
export async function runSelfTest({ home, supervisor, hostPath }: SelfTestWorld, work: JobWork): Promise<SelfTest> {
  const { used } = chosenEngine(home)
  const installed = used === 'cpu' || used === 'gpu' ? installedEngine(home, used) : undefined
  const parts = partsOf('self-test', [await shippedBytes(), installed?.bytes ?? 0, STEPS_AS_BYTES, storeBytes(home)], work)
  const checks = [
    await shipped(parts[0]!),
    await engine(supervisor, installed, parts[1]!, parts[2]!),
    await store(home, supervisor, parts[3]!),
    pages(hostPath),
  ]
  work.signal.throwIfAborted()
  const test: SelfTest = {
    ...{ version: NORMLAB_VERSION, at: new Date().toISOString(), engine: used },
    ...{ ok: checks.every(({ ok }) => ok), checks },
  }
  try {
    writeFile(path.join(home, KEPT), JSON.stringify(test) + '\n', OWNERS)
  } catch {
    // A folder that cannot be written to is tested like any other.
  }
  return test
}

/** What three steps on a fresh engine take, in bytes that are read and hashed meanwhile: two seconds or three. */
const STEPS_AS_BYTES = 1e9

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

async function shipped({ signal, add }: Part): Promise<Check> {
  const name = 'Files'
  const found = await checkShipped(undefined, { signal, onBytes: add })
  if (!found) return { name, ok: true, detail: 'a checkout, whose files may be any' }
  const { files, bytes, damaged } = found
  if (damaged.length === 0)
    return { name, ok: true, detail: `all ${files} are as they were shipped, ${(bytes / 1e6).toFixed(0)} MB` }
  const more = damaged.length > 3 ? ` and ${damaged.length - 3} more` : ''
  return {
    ...{ name, ok: false, detail: `${count(damaged.length, 'file')} not as shipped: ${damaged.slice(0, 3).join(', ')}${more}` },
    remedy: 'install NormLab again; runs and settings stay',
  }
}

const MEND_ENGINE = 'normlab doctor --repair, or the button Repair'

/** The engine in use: an installed one is as it was installed, and it computes what it has to. */
async function engine(
  supervisor: EngineSupervisor,
  installed: InstalledEngine | undefined,
  read: Part,
  steps: Part,
): Promise<Check> {
  const name = 'Engine'
  try {
    const damage = installed && (await readThrough(installed, read.add))
    if (installed && damage)
      return { name, ok: false, detail: `the installed one for the ${installed.kind.toUpperCase()}: ${damage}`, remedy: MEND_ENGINE } // prettier-ignore
    const { worst, isRight, losses, expected } = await askPart(supervisor, 'self-test', {}, steps)
    if (isRight) return { name, ok: true, detail: `three steps of a known network come out right, to ${worst.toExponential(0)}` }
    const detail = `three steps of a known network come out wrong: losses ${losses.map((loss) => loss.toPrecision(6)).join(', ')} in place of ${expected.map((loss) => loss.toPrecision(6)).join(', ')}` // prettier-ignore
    return { name, ok: false, detail, remedy: MEND_ENGINE }
  } catch (error) {
    steps.signal.throwIfAborted()
    const detail = isUserError(error) ? error.problem : String(error)
    return { name, ok: false, detail, remedy: MEND_ENGINE }
  }
}

async function store(home: string, supervisor: EngineSupervisor, part: Part): Promise<Check> {
  const name = 'Run store'
  // To look is not to make one.
  if (!existsSync(path.join(home, 'normlab.db'))) return { name, ok: true, detail: 'there is none yet' }
  const { problems, runs, remedy } = await lookThrough(home, supervisor, part)
  if (problems.length === 0) return { name, ok: true, detail: `whole, ${count(runs, 'run')}` }
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  return { name, ok: false, detail: `${problems[0]}${more}`, ...(remedy !== undefined && { remedy }) }
}

/** The page and all that it names are there and hold something. */
function pages(hostPath: string): Check {
  const name = 'Pages'
  const folder = path.resolve(path.dirname(hostPath), '../../renderer')
  const remedy = 'install NormLab again (in a checkout: npm run build)'
  try {
    const page = readFileSync(path.join(folder, 'index.html'), 'utf8')
    const named = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)].map(([, file]) => file!)
    const files = [...named, ...readdirSync(path.join(folder, 'assets')).map((file) => `assets/${file}`)]
    const missing = files.find((file) => !statSync(path.join(folder, file), { throwIfNoEntry: false })?.size)
    if (missing === undefined && named.length > 0) return { name, ok: true, detail: count(new Set(files).size, 'file') }
    return { name, ok: false, detail: `${missing ?? 'what the page loads'} is missing`, remedy }
  } catch {
    return { name, ok: false, detail: 'they are not there', remedy }
  }
}

/** As the doctor tells of the last self-test. */
export function selfTestCheck(home: string): Check {
  const name = 'Self-test'
  const last = lastSelfTest(home)
  if (!last) return { name, ok: true, detail: 'not run on this data folder yet: normlab doctor --self-test' }
  const { version, at, ok, checks } = last
  const when = `${at.slice(0, 10)}, NormLab ${version}`
  if (ok) return { name, ok, detail: `passed ${when}` }
  const failed = checks.filter((check) => !check.ok).map((check) => check.name)
  return {
    name,
    ok,
    optional: true,
    detail: `failed ${when}: ${failed.join(', ')}`,
    remedy: 'normlab doctor --self-test says more',
  }
}

/**
 * Tests a NormLab that was installed or updated since the last test, or whose engine is another one.
 *
 * @param tell Hears, once, a sentence where something failed.
 */
export async function testWhereNew(lab: Lab, tell: (sentence: string) => void): Promise<void> {
  const last = await lab.request('lab.last-self-test', {})
  const { used } = await lab.request('engine.list', {})
  if (last && last.version === NORMLAB_VERSION && last.engine === used) return
  const { ok, checks } = await lab.start('lab.self-test', {}).result
  const failed = checks.filter((check) => !check.ok)
  if (!ok) tell(`The self-test of NormLab ${NORMLAB_VERSION} failed: ${failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ')}. The page Settings has a button to repair it.`) // prettier-ignore
}
