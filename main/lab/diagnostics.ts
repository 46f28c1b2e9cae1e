import { closeSync, existsSync, fstatSync, openSync, readSync, readdirSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Check } from '../../shared/api'
import { isUserError } from '../../shared/errors'
import { checkStore } from '../store/check'
import { ENGINE_LOG } from '../store/home'
import { Store } from '../store/store'
import { sizeOf } from './disk'
import { personalSecrets, redacted, type Secret } from './redact'
import { countWords } from '../../shared/count-words'
import { NORMLAB_VERSION } from './version'

/** Of each log, from its end. */
const LOG_BYTES = 64_000
/** The runs whose state is told, from the newest. */
const RUNS = 50

const LOGS = ['normlab.log.1', 'normlab.log', ENGINE_LOG] as const

/**
 * What somebody who is to help needs to know, as one text that can be read before it is sent: the doctor's words, the machine, what the data folder
 * holds, how the last runs ended, the ends of the logs, and which crashes are on record. It is redacted: no name of a run, a network, a data set or
 * a person, no path but the system's, no token.
 *
 * @param checks The doctor's.
 */
export function diagnostics(home: string, checks: readonly Check[]): string {
  const { sections, secrets } = ofStore(home)
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['NormLab', [`version ${NORMLAB_VERSION}`, `written ${new Date().toISOString()}`, 'Names, paths and tokens are left out.']],
    ['Doctor', checks.map(({ ok, optional, name, detail, remedy }) => `${ok ? 'ok' : optional ? 'without' : 'missing'}  ${name}: ${detail}${remedy ? ` → ${remedy}` : ''}`)], // prettier-ignore
    ['Machine', machine()],
    ['Data folder', folderLines(home)],
    ...sections,
    ['Crashes', crashes(home)],
    ...LOGS.map((name) => [name, tail(path.join(home, name))] as const),
  ]
  const text = parts.map(([title, lines]) => `== ${title} ==\n${lines.join('\n')}\n`).join('\n')
  return redacted(text, [...secrets, ...personalSecrets(home)])
}

function machine(): string[] {
  const { versions, platform, arch } = process
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`
  return [
    `${platform} ${arch}, ${os.type()} ${os.release()}`,
    `${os.cpus().length} threads, ${os.cpus()[0]?.model.trim() ?? 'unknown model'}`,
    `memory ${gigabytes(os.totalmem())}, free ${gigabytes(os.freemem())}`,
    `Node ${versions.node}${versions.electron ? `, Electron ${versions.electron}, Chromium ${versions['chrome']}` : ''}`,
    `settings of the environment: ${Object.keys(process.env).filter((name) => /^(NORMLAB|TF|OMP|KMP|CUDA|ELECTRON)_/.test(name)).join(', ') || 'none'}`, // prettier-ignore
  ]
}

/** Each entry of the data folder with its size; of folders how many files are in them. */
function folderLines(home: string): string[] {
  if (!existsSync(home)) return ['it is not there']
  return readdirSync(home, { withFileTypes: true }).map((entry) => {
    const place = path.join(home, entry.name)
    if (!entry.isDirectory()) return `${entry.name}: ${statSync(place).size} bytes`
    const { files, bytes } = sizeOf(place)
    return `${entry.name}/: ${countWords(files, 'file')}, ${bytes} bytes`
  })
}

/** What the store tells, and the names in it, which are secrets. A store that cannot be opened tells why. */
function ofStore(home: string): { sections: [string, string[]][]; secrets: Secret[] } {
  let store: Store | undefined
  try {
    const { problems, runs } = checkStore(home)
    store = new Store(home)
    const all = store.runs.all()
    const items = store.query('SELECT id, CAST(name AS BLOB) AS name FROM library') as { id: number; name: ArrayBuffer }[]
    const secrets: Secret[] = [
      ...all.map(({ id, name }): Secret => [name, `<run ${id}>`]),
      ...all.map(({ id, network }): Secret => [network, `<network of run ${id}>`]),
      ...items.map(({ id, name }): Secret => [Buffer.from(name).toString('utf8'), `<item ${id}>`]),
      ...all.map(({ id, dataset }): Secret => [dataset, `<data set of run ${id}>`]),
    ]
    return {
      sections: [
        ['Run store', [countWords(runs, 'run'), ...(problems.length === 0 ? ['whole'] : problems)]],
        [
          'Last runs',
          all.slice(0, RUNS).map(({ id, state, steps, problem, notices }) => {
            const words = [problem?.message, ...notices.map(({ message }) => message)].filter((word) => word !== undefined)
            return [`run ${id}: ${state}, ${countWords(steps, 'step')}`, ...words].join('; ')
          }),
        ],
      ],
      secrets: [...secrets, ...datasetNames(home)],
    }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { sections: [['Run store', [error.message]]], secrets: datasetNames(home) }
  } finally {
    store?.close()
  }
}

/** What people called their data sets: the folders and files in which they lie. */
function datasetNames(home: string): Secret[] {
  const folder = path.join(home, 'datasets')
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name, ...readdirSync(path.join(folder, entry.name))] : [entry.name],
  )
  return [...new Set(names.map((name) => name.replace(/\.\w+$/, '')))].map((name, i) => [name, `<data set ${i + 1}>`])
}

function crashes(home: string): string[] {
  const folder = path.join(home, 'window', 'Crashpad')
  const found = existsSync(folder) ? dumps(folder) : []
  return found.length === 0 ? ['none on record'] : found
}

function dumps(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) return dumps(place)
    return entry.name.endsWith('.dmp') ? [`${statSync(place).mtime.toISOString()}: ${statSync(place).size} bytes`] : []
  })
}

/** The last lines of a file, whole ones. */
function tail(file: string): string[] {
  if (!existsSync(file)) return ['there is none']
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    const piece = Buffer.alloc(Math.min(size, LOG_BYTES))
    readSync(descriptor, piece, 0, piece.length, size - piece.length)
    const lines = piece.toString('utf8').split('\n')
    return size > LOG_BYTES ? lines.slice(1) : lines
  } finally {
    closeSync(descriptor)
  }
}
