import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs' // prettier-ignore
import { open } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NoAnswer } from '../../../main/places/place'
import { Ssh } from '../../../main/places/slurm/ssh'
import { SlurmProfile } from '../../../shared/places/profile'

// OpenSSH of Windows shares no connections.
describe.skipIf(process.platform === 'win32')('the folder of the connections that ssh keeps', () => {
  let temporary: string
  let folder: string
  beforeEach(() => {
    // A socket's path is short.
    temporary = mkdtempSync('/tmp/nl-ssh-')
    folder = path.join(temporary, `normlab-ssh-${userInfo().uid}`)
    writeFileSync(path.join(temporary, 'config'), 'Host login\n  HostName 127.0.0.1\n  Port 1\n')
    vi.stubEnv('TMPDIR', temporary)
    vi.stubEnv('NORMLAB_SSH_CONFIG', path.join(temporary, 'config'))
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    rmSync(temporary, { recursive: true })
  })
  const call = () => new Ssh(SlurmProfile.parse({ kind: 'slurm', name: 'hpc', host: 'login' })).run('true')

  it('is made for its user alone', async () => {
    await expect(call()).rejects.toThrow(NoAnswer)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  it('is not used where others could answer in it for the login node', async () => {
    mkdirSync(folder)
    for (const mode of [0o777, 0o770, 0o701]) {
      chmodSync(folder, mode)
      await expect(call(), mode.toString(8)).rejects.toThrow(/not this user’s alone/)
    }
    chmodSync(folder, 0o700)
    await expect(call()).rejects.toThrow(NoAnswer)
  })

  it('is no link to another folder', async () => {
    mkdirSync(path.join(temporary, 'elsewhere'), { mode: 0o700 })
    symlinkSync(path.join(temporary, 'elsewhere'), folder)
    await expect(call()).rejects.toThrow(/not this user’s alone/)
  })
})

describe.skipIf(process.platform === 'win32')('files over ssh', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'normlab-ssh-'))
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const ssh = (leaving?: AbortSignal) => new Ssh(SlurmProfile.parse({ kind: 'slurm', name: 'hpc', host: 'login' }), leaving)
  /** A program that stands before the system's own. */
  const program = (name: string, script: string): void =>
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  /** Without timers, which may stand still. */
  const soon = async (is: () => boolean): Promise<void> => {
    for (const began = performance.now(); !is() && performance.now() - began < 20_000;)
      await new Promise((resolve) => setImmediate(resolve))
    expect(is()).toBe(true)
  }

  it('may take longer than any silence of the connection', async () => {
    const [pipe, to] = [path.join(folder, 'pipe'), path.join(folder, 'bundle')]
    spawnSync('mkfifo', [pipe])
    program('ssh', `exec cat '${pipe}'`)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const got = ssh().get('x', to)
    const there = await open(pipe, 'w')
    for (const bytes of [1, 2, 3]) {
      await there.write('a')
      await soon(() => existsSync(to) && statSync(to).size === bytes)
      vi.advanceTimersByTime(9 * 60_000)
    }
    await there.close()
    expect((await got).status).toBe(0)

    const silent = ssh().get('x', to)
    const still = await open(pipe, 'w')
    vi.advanceTimersByTime(11 * 60_000)
    await expect(silent).rejects.toThrow(NoAnswer)
    await still.close()
  })

  it('are called off where the lab is closed', async () => {
    const leaving = new AbortController()
    program('ssh', 'exec sleep 600')
    const got = ssh(leaving.signal).get('x', path.join(folder, 'bundle'))
    leaving.abort()
    await expect(got).rejects.toThrow(NoAnswer)
  })

  it.skipIf(!existsSync('/dev/full'))('tell a full disk here from a connection that was lost', async () => {
    program('ssh', 'head -c 1000000 /dev/zero')
    await expect(ssh().get('x', '/dev/full')).rejects.toThrow(/disk is full/)
  })

  it('leave nothing behind that waits to be read', async () => {
    writeFileSync(path.join(folder, 'set'), Buffer.alloc(2e6))
    program('tar', `echo $$ > '${folder}/pid'; exec ${spawnSync('which', ['tar'], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } }).stdout.trim()} "$@"`) // prettier-ignore
    program('ssh', `until [ -s '${folder}/pid' ]; do :; done; echo 'no such folder' >&2; exit 1`)
    expect(await ssh().putFolder(folder, 'set', '/nowhere')).toMatchObject({ status: 1, errors: 'no such folder\n' })
    const pid = Number(readFileSync(path.join(folder, 'pid'), 'utf8'))
    const isGone = (): boolean => {
      try {
        return !process.kill(pid, 0)
      } catch {
        return true
      }
    }
    await soon(isGone)
  })

  it('are not taken for whole where one could not be read here', async () => {
    program('tar', 'echo begun; echo "tar: set/a: Cannot open: Permission denied" >&2; exit 2')
    program('ssh', 'exec cat > /dev/null')
    await expect(ssh().putFolder(folder, 'set', '/there')).rejects.toThrow(/set: not all of it can be read: .*Permission denied/)
  })
})
