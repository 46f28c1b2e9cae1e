import { spawn } from 'node:child_process'
import { createWriteStream, lstatSync, mkdirSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { UserError } from '../../../shared/errors'
import type { SlurmProfile } from '../../../shared/places/profile'
import { notWritten } from '../../files/write-file'
import { NoAnswer } from '../place'

/** ssh's own status where it could not do what it was asked. */
const SSH_FAILED = 255
/** A call in which nothing comes or goes for so long has lost its connection, milliseconds; a bundle may take hours. */
const SILENT_MS = 10 * 60_000
/** More than this of one answer is no answer. */
const MOST_BYTES = 256e6
/** In front of a script's own words: a login shell may say something before them. */
const BEGIN = '@normlab-begin'

export interface Answer {
  readonly status: number
  /** What the script printed. */
  readonly output: Buffer
  readonly errors: string
}

/**
 * The login node's shell, over the system's own ssh: its configuration, keys, agent, jump hosts and known hosts hold. One connection is kept open and
 * shared by all calls (ControlMaster), so that a call costs a round trip. Nothing is ever asked of the user: where ssh would want a password, it fails and
 * says so.
 */
export class Ssh {
  /** @param leaving Ends files that are on their way. */
  constructor(
    private readonly profile: SlurmProfile,
    private readonly leaving?: AbortSignal,
  ) {}

  /** Runs a script in a POSIX shell there. @throws NoAnswer where there is no connection. */
  async run(script: string): Promise<Answer> {
    // Through the standard input: no shell of the user's has to read it, and no quoting of ssh's stands in between.
    const answer = await this.call(['sh', '-s'], { input: `echo ${BEGIN}\n${script}\n` })
    const begin = answer.output.indexOf(`${BEGIN}\n`)
    if (begin < 0) throw new NoAnswer(`the shell of ${this.profile.host} did not run the script: ${lastLine(answer.errors)}`)
    return { ...answer, output: answer.output.subarray(begin + BEGIN.length + 1) }
  }

  /** A file there into a file here. @param from A path without anything that a shell would take for more. */
  async get(from: string, to: string): Promise<Answer> {
    return this.call(['cat', from], { to })
  }

  /**
   * Packs local folders and unpacks them there.
   *
   * @param to A folder that is there.
   * @throws UserError where not all of it could be read here.
   */
  async putFolder(parent: string, name: string, to: string): Promise<Answer> {
    const tar = spawn('tar', ['-C', parent, '-cf', '-', '--', name], { stdio: ['ignore', 'pipe', 'pipe'] })
    let errors = ''
    tar.stderr.on('data', (part: Buffer) => (errors = tail(errors, part)))
    const packed = new Promise<number | null>((resolve) => {
      tar.on('error', ({ message }) => {
        errors = message
        resolve(null)
      })
      tar.on('close', resolve)
    })
    try {
      const answer = await this.call(['tar', '-C', to, '-xf', '-'], { from: tar.stdout })
      // What it could not read is missing there, and nothing there says so.
      if (answer.status === 0 && (await packed) !== 0)
        throw new UserError(`not all of it can be read: ${lastLine(errors)}`, {
          place: path.join(parent, name),
          remedy: 'give yourself permission to read it, and start again',
        })
      return answer
    } finally {
      // It would wait for ever for somebody to read on.
      tar.kill('SIGKILL')
    }
  }

  async close(): Promise<void> {
    if (!hasMaster) return
    await this.call([], { before: ['-O', 'exit'] }).catch(() => undefined)
  }

  private options(): string[] {
    const { host, user, port } = this.profile
    // For whoever keeps the keys of a cluster apart from their own, and for tests.
    const settings = process.env['NORMLAB_SSH_CONFIG']
    const master = hasMaster
      ? ['-o', 'ControlMaster=auto', '-o', `ControlPath=${path.join(controlFolder(), '%C')}`, '-o', 'ControlPersist=120']
      : []
    return [
      ...(settings === undefined ? [] : ['-F', settings]),
      ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=20', '-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=3', '-T'],
      ...master,
      ...(port === undefined ? [] : ['-p', String(port)]),
      ...(user === undefined ? [] : ['-l', user]),
      host,
    ]
  }

  private call(
    command: readonly string[],
    how: { input?: string; from?: NodeJS.ReadableStream; to?: string; before?: readonly string[] },
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const child = spawn('ssh', [...(how.before ?? []), ...this.options(), ...command], { stdio: ['pipe', 'pipe', 'pipe'] })
      const end = (): boolean => child.kill('SIGKILL')
      const silence = setTimeout(end, SILENT_MS)
      const heard = (): unknown => silence.refresh()
      const isLong = how.to !== undefined || how.from !== undefined
      if (isLong) this.leaving?.addEventListener('abort', end)
      const over = (): void => {
        clearTimeout(silence)
        this.leaving?.removeEventListener('abort', end)
      }
      if (isLong && this.leaving?.aborted) end()
      const parts: Buffer[] = []
      let length = 0
      let errors = ''
      child.stdout.on('data', heard)
      const written = how.to === undefined ? undefined : child.stdout.pipe(createWriteStream(how.to, { mode: 0o600 }))
      const whole = written ? finished(written) : Promise.resolve()
      whole.catch(() => {
        child.stdout.destroy()
        end()
      })
      if (!written)
        child.stdout.on('data', (part: Buffer) => {
          length += part.length
          if (length > MOST_BYTES) end()
          else parts.push(part)
        })
      child.stderr.on('data', (part: Buffer) => {
        heard()
        errors = tail(errors, part)
      })
      child.stdin.on('error', () => undefined)
      if (how.from) how.from.on('data', heard).pipe(child.stdin)
      else child.stdin.end(how.input ?? '')
      child.on('error', (error) => {
        over()
        written?.destroy()
        reject(new NoAnswer(`ssh cannot be started (${error.message}); install OpenSSH’s client`))
      })
      child.on('close', (status) => {
        over()
        whole.then(
          () => {
            if (status !== null && status !== SSH_FAILED) resolve({ status, output: Buffer.concat(parts), errors })
            else reject(new NoAnswer(`${this.profile.host} gives no answer: ${lastLine(errors) || 'the connection was lost'}`))
          },
          // Also where ssh was ended for it: the connection is fine.
          (error: NodeJS.ErrnoException) => reject(notWritten(how.to!, error)),
        )
      })
    })
  }
}

const tail = (text: string, part: Buffer): string => (text + part.toString()).slice(-20_000)

/** OpenSSH of Windows shares no connections. */
const hasMaster = process.platform !== 'win32'

/** A short path, as a socket's name has little room; its user's alone. */
function controlFolder(): string {
  const { uid } = os.userInfo()
  const folder = path.join(os.tmpdir(), `normlab-ssh-${uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  // Whoever else could write there could answer for the login node.
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0)
    throw new UserError('it is not this user’s alone', { place: folder, remedy: 'remove it, or set its mode to 700' })
  return folder
}

/** What a program said last, without the notes that ssh makes of itself. */
export function lastLine(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Warning: Permanently added'))
  return lines[lines.length - 1] ?? ''
}
