import type { Engines } from '../../shared/api'
import { UserError, isUserError } from '../../shared/errors'
import { UNPACKED_BYTES } from '../engine/packs/contents'
import { fetchEngine, installPack } from '../engine/packs/install'
import { KINDS, chosenEngine, engineUse, installedEngine, keepEngineUse, removeEngine } from '../engine/packs/installed'
import type { EngineWork } from '../engine/packs/make-engine'
import { wheelsOf } from '../engine/packs/wheels'
import { writePack } from '../engine/packs/write-pack'
import type { EngineSupervisor } from '../engine/supervisor'
import { writeFileElsewhere } from '../files/write-file'
import { TENSORFLOW_VERSION } from '../resources'
import type { Handlers, JobControl } from './boundary'
import { workOf } from './job-work'
import { NORMLAB_VERSION } from './version'

export type EnginePackCall = Extract<keyof Handlers, `engine.${string}`>

export interface EnginePackWorld {
  /** The data folder. */
  readonly home: string
  readonly supervisor: EngineSupervisor
  /** @throws UserError where nothing may be written to the data folder. */
  readonly requireWritable?: () => void
  /** What an install names its pack by; pages name a word for it. */
  readonly fileOf: (file: string | undefined, chosen: string | undefined) => string
  /** What is said of a pack that a page chose. */
  readonly inWords: <T>(chosen: string | undefined, file: string, work: () => Promise<T>) => Promise<T>
}

/** The engines of a data folder: TensorFlow with its libraries, installed from a pack or the package index. */
export function enginePackHandlers({
  home,
  supervisor,
  requireWritable,
  fileOf,
  inWords,
}: EnginePackWorld): Pick<Handlers, EnginePackCall> {
  // prettier-ignore
  const list = (): Engines => ({
    ...{ tensorflow: TENSORFLOW_VERSION, use: engineUse(home) },
    ...pick(chosenEngine(home)),
    installed: KINDS.flatMap((kind) => {
      const found = installedEngine(home, kind)
      return found ? [{ kind, bytes: found.bytes, problem: found.problem }] : []
    }),
    offered: KINDS.flatMap((kind) => {
      const bytes = process.platform === 'linux' ? wheelsOf(kind).reduce((sum, wheel) => sum + wheel.bytes, 0) : 0
      return bytes > 0 ? [{ kind, bytes, unpacked: UNPACKED_BYTES[kind] }] : []
    }),
  })
  /** What was changed holds from the next host on. */
  const renewed = (): Engines => {
    supervisor.renew()
    return list()
  }
  const engineWork = (control: JobControl): EngineWork & { signal: AbortSignal } => {
    return {
      ...workOf(control),
      try: async (folder) => {
        const trial = supervisor.inBackground('describe', {}, () => undefined, folder)
        control.onCancel(() => void trial.cancel())
        await trial.answer.catch((error: unknown) => {
          const reason = isUserError(error) ? error.problem : String(error)
          throw new UserError(`it does not run here, and was not installed: ${reason}`, { place: 'engine' })
        })
      },
    }
  }

  return {
    'engine.list': list,
    'engine.use'({ use }) {
      requireWritable?.()
      const found = use === 'cpu' || use === 'gpu' ? installedEngine(home, use) : null
      if (found === undefined)
        throw new UserError(`no ${use.toUpperCase()} engine is installed`, { remedy: `\`normlab engine fetch --device ${use}\`, or \`normlab engine install FILE\`` }) // prettier-ignore
      if (found && found.problem !== null) throw new UserError(`the ${use.toUpperCase()} engine: ${found.problem}`, { remedy: 'install it again' }) // prettier-ignore
      keepEngineUse(home, use)
      return renewed()
    },
    'engine.remove'({ kind }) {
      requireWritable?.()
      removeEngine(home, kind)
      return renewed()
    },
    async 'engine.install'({ file, chosen }, control) {
      requireWritable?.()
      const pack = fileOf(file, chosen)
      const kind = await inWords(chosen, pack, () => installPack(home, pack, engineWork(control)))
      return { kind, engines: renewed() }
    },
    async 'engine.fetch'({ kind }, control) {
      requireWritable?.()
      await fetchEngine(home, kind, engineWork(control))
      return { kind, engines: renewed() }
    },
    'engine.pack': ({ kind, out }, control) =>
      writeFileElsewhere(out, async (file) => ({
        ...(await writePack(file, kind, NORMLAB_VERSION, engineWork(control))),
        path: out,
      })),
  }
}

const pick = ({ used, why }: ReturnType<typeof chosenEngine>): Pick<Engines, 'used' | 'why'> => ({ used, why })
