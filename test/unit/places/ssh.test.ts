import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
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
