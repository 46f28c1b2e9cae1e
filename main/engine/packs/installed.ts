import { createHash } from 'node:crypto'
import { copyFileSync, createReadStream, existsSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { isAlive } from '../../files/process-alive'
import { OWNERS, writeFile } from '../../files/write-file'
import { BINDING_FINGERPRINT, TENSORFLOW_VERSION, type TensorflowKind, hasNvidiaDevice, packagedFolder, tensorflowFolder, wantedTensorflow } from '../../resources' // prettier-ignore

/** Engines that were installed lie in the data folder, each in a folder of its own; the one inside NormLab is none of them. */
export const enginesFolder = (home: string): string => path.join(home, 'engines')
export const engineFolder = (home: string, kind: TensorflowKind): string =>
  path.join(enginesFolder(home), `tensorflow-${TENSORFLOW_VERSION}-${kind}`)

export const KINDS = ['cpu', 'gpu'] as const satisfies readonly TensorflowKind[]
const ABOUT = 'engine.json'
const USE = 'use.json'
const BINDING = 'tfjs_binding.node'

/** What an installed engine is made of, written last. */
const About = z.object({
  kind: z.enum(KINDS),
  tensorflow: z.string(),
  /** Of the binding, which is this NormLab's own. */
  binding: z.string(),
  installed: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })).min(1),
})
export type About = z.infer<typeof About>

export type EngineUse = 'auto' | 'inside' | TensorflowKind
const Use = z.object({ use: z.enum(['auto', 'inside', ...KINDS]) })

/** What was asked for; `auto` where nobody asked, or what was kept cannot be read. */
export function engineUse(home: string): EngineUse {
  try {
    return Use.parse(JSON.parse(readFileSync(path.join(enginesFolder(home), USE), 'utf8'))).use
  } catch {
    return 'auto'
  }
}

export function keepEngineUse(home: string, use: EngineUse): void {
  writeFile(path.join(enginesFolder(home), USE), JSON.stringify({ use }) + '\n', OWNERS)
}

export interface InstalledEngine {
  readonly kind: TensorflowKind
  readonly folder: string
  readonly bytes: number
  /** Why it cannot be used, a clause; null where it can. */
  readonly problem: string | null
}

/** The engine of a kind that is installed; what it says of itself against what lies there, without reading it through. */
export function installedEngine(home: string, kind: TensorflowKind): InstalledEngine | undefined {
  const folder = engineFolder(home, kind)
  if (!existsSync(folder)) return undefined
  const about = readAbout(folder)
  if (!about) return { kind, folder, bytes: 0, problem: 'it is damaged: what it is made of is not written there' }
  const bytes = about.files.reduce((sum, file) => sum + file.bytes, 0)
  return { kind, folder, bytes, problem: problemOf(folder, about) }
}

function readAbout(folder: string): About | undefined {
  try {
    return About.parse(JSON.parse(readFileSync(path.join(folder, ABOUT), 'utf8')))
  } catch {
    return undefined
  }
}

function problemOf(folder: string, { files }: About): string | null {
  const missing = files.find(({ name, bytes }) => statSync(path.join(folder, name), { throwIfNoEntry: false })?.size !== bytes)
  if (missing) return `it is damaged: ${missing.name} is not as it was installed`
  return existsSync(path.join(folder, BINDING)) ? null : `it is damaged: ${BINDING} is missing`
}

/** Reads an installed engine through. @returns the clause that says what is damaged, or null. */
export async function readThrough(
  { folder, problem }: InstalledEngine,
  onBytes?: (bytes: number) => void,
): Promise<string | null> {
  const about = readAbout(folder)
  if (problem !== null || !about) return problem
  for (const { name, sha256 } of about.files) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(path.join(folder, name), { highWaterMark: 1 << 20 }), async function (pieces) {
      for await (const piece of pieces as AsyncIterable<Buffer>) {
        hash.update(piece)
        onBytes?.(piece.length)
      }
    })
    if (hash.digest('hex') !== sha256) return `it is damaged: ${name} is not as it was installed`
  }
  return null
}

/** Puts this NormLab's own binding beside an engine's libraries, and writes what it is made of. */
export function finishEngine(folder: string, kind: TensorflowKind, files: About['files']): void {
  putBinding(folder)
  const about: About = {
    ...{ kind, tensorflow: TENSORFLOW_VERSION, binding: BINDING_FINGERPRINT, files },
    installed: new Date().toISOString(),
  }
  writeFile(path.join(folder, ABOUT), JSON.stringify(about, null, 2) + '\n', OWNERS)
}

function putBinding(folder: string): void {
  const aside = path.join(folder, `.${BINDING}-${process.pid}`)
  copyFileSync(path.join(tensorflowFolder(), BINDING), aside)
  renameSync(aside, path.join(folder, BINDING))
}

/** After an update of NormLab an engine's libraries may be the same and the binding another: then the new one goes there. */
function withOwnBinding({ folder }: InstalledEngine): boolean {
  const about = readAbout(folder)
  if (!about) return false
  if (about.binding === BINDING_FINGERPRINT) return true
  try {
    finishEngine(folder, about.kind, about.files)
    return true
  } catch {
    return false
  }
}

/** Which engine is used, and why. */
export interface ChosenEngine {
  /** `named` by NORMLAB_TENSORFLOW. */
  readonly used: 'inside' | 'named' | TensorflowKind
  /** The folder of an installed one. */
  readonly folder: string | undefined
  /** A clause. */
  readonly why: string
}

const INSIDE = { used: 'inside', folder: undefined } as const

/**
 * The engine that hosts of a data folder use: what was asked for, and where nobody asked the installed one for a GPU where this machine has one; else
 * the one inside.
 */
export function chosenEngine(home: string): ChosenEngine {
  if (process.env['NORMLAB_TENSORFLOW']) return { used: 'named', folder: undefined, why: 'NORMLAB_TENSORFLOW names it' }
  const use = engineUse(home)
  if (use === 'inside') return { ...INSIDE, why: 'it was chosen' }
  const usable = (kind: TensorflowKind): InstalledEngine | undefined => {
    const found = installedEngine(home, kind)
    return found && found.problem === null && withOwnBinding(found) ? found : undefined
  }
  if (use !== 'auto') {
    const found = usable(use)
    const isIdle = use === 'gpu' && !hasNvidiaDevice()
    const why = isIdle ? 'it was chosen, though this machine shows no NVIDIA GPU, and computes on the CPU' : 'it was chosen'
    if (found) return { used: use, folder: found.folder, why }
    return { ...INSIDE, why: `the ${use.toUpperCase()} engine that was chosen is not whole, or not there` }
  }
  if (!wantsGpu()) {
    const spare = hasInside() ? undefined : usable('cpu')
    if (spare) return { used: 'cpu', folder: spare.folder, why: 'the one inside is missing' }
    return { ...INSIDE, why: hasNvidiaDevice() ? 'it is what this machine is asked to use' : 'this machine shows no NVIDIA GPU' }
  }
  const gpu = usable('gpu')
  if (gpu) return { used: 'gpu', folder: gpu.folder, why: 'this machine has an NVIDIA GPU' }
  return { ...INSIDE, why: 'an engine for this machine’s GPU is not installed' }
}

/** Whether this machine wants an engine for a GPU that the one inside is not: a checkout has prepared its own. */
function wantsGpu(): boolean {
  try {
    return wantedTensorflow() === 'gpu' && (packagedFolder('tensorflow') !== undefined || !hasInside())
  } catch {
    return false
  }
}

/** Whether there is an engine that came with the program, or that a checkout prepared. */
export function hasInside(): boolean {
  try {
    return Boolean(tensorflowFolder())
  } catch {
    return false
  }
}

/** Takes an installed engine away; what runs on it goes on. @throws UserError where there is none. */
export function removeEngine(home: string, kind: TensorflowKind): void {
  const folder = engineFolder(home, kind)
  if (!existsSync(folder))
    throw new UserError(`no ${kind.toUpperCase()} engine is installed`, { place: enginesFolder(home), remedy: '`normlab engine list` shows what is' }) // prettier-ignore
  const aside = path.join(enginesFolder(home), `.removed-${process.pid}-${Date.now()}`)
  renameSync(folder, aside)
  rmSync(aside, { recursive: true, force: true })
  if (engineUse(home) === kind) keepEngineUse(home, 'auto')
}

/** Takes away what installations of processes that are gone left behind. */
export function sweepEngines(home: string): void {
  const folder = enginesFolder(home)
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const owner = /^\.(?:making|removed)-(\d+)-/.exec(name)?.[1]
    if (owner !== undefined && !isAlive(Number(owner))) rmSync(path.join(folder, name), { recursive: true, force: true })
  }
}
