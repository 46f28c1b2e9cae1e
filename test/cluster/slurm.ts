import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { tmpdir } from 'node:os'
import { missingSlurm } from '../../build/prepare/slurm'

/**
 * A whole cluster on this machine, in a temporary folder: munged, slurmctld, two nodes of one core (two slurmd under names of their own) and a login node, which is
 * sshd on a loopback port with keys of its own. Without systemd and cgroups; Slurm's daemons want to be root's here.
 */
export interface Cluster {
  readonly folder: string
  /** Another file of ssh's settings, in which the login node is `login`. */
  readonly sshConfig: string
  slurm(...words: readonly string[]): string
  /** Kills a node with all that runs on it, as a power cut would, and tells the controller that it is down. */
  killNode(name: string): void
  startNode(name: string): void
  /** @param lines Of its settings, which hold from now on. */
  restartController(...lines: readonly string[]): Promise<void>
  stopLogin(): void
  startLogin(): void
  close(): void
}

/** What is missing for it, in words; undefined where it can be had. */
export function missingForCluster(): string | undefined {
  if (process.platform !== 'linux') return 'Linux'
  if (process.getuid?.() !== 0) return 'root'
  const missing = missingSlurm()
  return missing.length > 0 ? missing.join(', ') : undefined
}

const NODES = ['n1', 'n2']

export async function startCluster(): Promise<Cluster> {
  const folder = mkdtempSync(path.join(tmpdir(), 'normlab-slurm-'))
  const at = (name: string): string => path.join(folder, name)
  const [controller, first, second, login] = (await freePorts(4)) as [number, number, number, number]
  mkdirSync(at('state'))
  // sshd wants it, whoever starts it.
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  writeFileSync(at('munge.key'), Buffer.alloc(1024, os.hostname() + process.pid), { mode: 0o400 })
  const host = os.hostname()
  writeFileSync(
    at('slurm.conf'),
    [
      ...[
        'ClusterName=test',
        `SlurmctldHost=${host}(127.0.0.1)`,
        `SlurmctldPort=${controller}`,
        'SlurmUser=root',
        'SlurmdUser=root',
      ],
      // A task that is put into the queue again waits as long as its credential lives.
      ...['AuthType=auth/munge', `AuthInfo=socket=${at('munge.socket')},cred_expire=10`, 'CredType=cred/munge'],
      ...[`SlurmctldPidFile=${at('slurmctld.pid')}`, `SlurmdPidFile=${at('slurmd-%n.pid')}`, `StateSaveLocation=${at('state')}`],
      ...[`SlurmdSpoolDir=${at('spool-%n')}`, `SlurmctldLogFile=${at('slurmctld.log')}`, `SlurmdLogFile=${at('slurmd-%n.log')}`],
      ...['ProctrackType=proctrack/linuxproc', 'TaskPlugin=task/none', 'SwitchType=switch/none', 'MpiDefault=none'],
      ...[
        'SelectType=select/cons_tres',
        'SelectTypeParameters=CR_Core',
        'SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=1',
      ],
      ...['ReturnToService=2', 'SlurmdTimeout=30', 'KillWait=2', 'MinJobAge=300', 'MaxArraySize=9', 'JobRequeue=1'],
      ...NODES.map(
        (name, i) => `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${[first, second][i]!} CPUs=1 State=UNKNOWN`,
      ),
      `PartitionName=main Nodes=${NODES.join(',')} Default=YES MaxTime=INFINITE State=UP`,
      '',
    ].join('\n'),
  )
  for (const key of ['host', 'user']) done('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(`${key}.key`)])
  writeFileSync(
    at('sshd.conf'),
    [
      ...[`Port ${login}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host.key')}`, `PidFile ${at('sshd.pid')}`],
      ...[
        `AuthorizedKeysFile ${at('user.key.pub')}`,
        'PermitRootLogin yes',
        'StrictModes no',
        'UsePAM no',
        'PasswordAuthentication no',
      ],
      ...[`SetEnv SLURM_CONF=${at('slurm.conf')}`, ''],
    ].join('\n'),
  )
  writeFileSync(
    at('ssh.conf'),
    [
      ...['Host login', '  HostName 127.0.0.1', `  Port ${login}`, `  IdentityFile ${at('user.key')}`, '  IdentitiesOnly yes'],
      ...[`  UserKnownHostsFile ${at('known')}`, '  StrictHostKeyChecking accept-new', ''],
    ].join('\n'),
  )
  const env = { ...process.env, SLURM_CONF: at('slurm.conf') }
  const daemon = (program: string, words: readonly string[]): void => done(program, words, env)
  const startController = (): void => daemon('/usr/sbin/slurmctld', [])
  const startNode = (name: string): void => daemon('/usr/sbin/slurmd', ['-N', name])
  const startLogin = (): void => daemon('/usr/sbin/sshd', ['-f', at('sshd.conf'), '-E', at('sshd.log')])
  const slurm = (...[program, ...words]: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(program!, words, { env, encoding: 'utf8' })
    return stdout + stderr
  }
  const pidOf = (file: string): number | undefined =>
    existsSync(at(file)) ? Number(readFileSync(at(file), 'utf8').trim()) : undefined
  const kill = (pid: number | undefined): void => {
    try {
      if (pid !== undefined && pid > 0) process.kill(pid, 'SIGKILL')
    } catch {
      // It is gone already.
    }
  }
  /** Processes of this cluster whose environment, or words, hold all of these. */
  const processesWith = (...marks: readonly string[]): number[] =>
    readdirSync('/proc').flatMap((name) => {
      if (!/^\d+$/.test(name)) return []
      try {
        const text = readFileSync(`/proc/${name}/environ`, 'latin1') + readFileSync(`/proc/${name}/cmdline`, 'latin1')
        return marks.every((mark) => text.includes(mark)) && Number(name) !== process.pid ? [Number(name)] : []
      } catch {
        return []
      }
    })
  daemon('/usr/sbin/munged', [
    ...[`--key-file=${at('munge.key')}`, `--socket=${at('munge.socket')}`, `--pid-file=${at('munged.pid')}`],
    ...[`--log-file=${at('munged.log')}`, `--seed-file=${at('munge.seed')}`, '--force'],
  ])
  startController()
  for (const name of NODES) startNode(name)
  startLogin()
  const stop = (): void => {
    for (const name of NODES) for (const pid of processesWith(at('slurm.conf'), `SLURMD_NODENAME=${name}`)) kill(pid)
    for (const file of [...NODES.map((name) => `slurmd-${name}.pid`), 'slurmctld.pid', 'sshd.pid', 'munged.pid'])
      kill(pidOf(file))
    for (const pid of processesWith(`SLURM_CONF=${at('slurm.conf')}`)) kill(pid)
    for (const pid of processesWith(at('ssh.conf'), 'ssh')) kill(pid)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await until(
      () => slurm('sinfo', '-h', '-o', '%D %t').trim() === '2 idle',
      'two idle nodes',
      () => slurm('sinfo'),
    )
  } catch (error) {
    stop()
    throw error
  }
  return {
    ...{ folder, sshConfig: at('ssh.conf'), slurm, startNode: (name) => (startNode(name), void slurm('scontrol', 'update', `nodename=${name}`, 'state=resume')), startLogin }, // prettier-ignore
    killNode(name) {
      kill(pidOf(`slurmd-${name}.pid`))
      for (const pid of processesWith(`SLURMD_NODENAME=${name}`, at('slurm.conf'))) kill(pid)
      slurm('scontrol', 'update', `nodename=${name}`, 'state=down', 'reason=killed')
    },
    async restartController(...lines) {
      appendFileSync(at('slurm.conf'), lines.map((line) => `${line}\n`).join(''))
      const pid = pidOf('slurmctld.pid')!
      process.kill(pid, 'SIGTERM')
      await until(() => !existsSync(`/proc/${pid}`), 'the controller’s end')
      startController()
      await until(() => slurm('scontrol', 'ping').includes('UP'), 'the controller')
    },
    stopLogin() {
      const listener = pidOf('sshd.pid')!
      for (const pid of [...childrenOf(listener).flatMap((pid) => [pid, ...childrenOf(pid)]), listener]) kill(pid)
    },
    close: stop,
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const ppid = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
      return Number(ppid) === parent ? [Number(name)] : []
    } catch {
      return []
    }
  })
}

function done(program: string, words: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, stderr, error } = spawnSync(program, words, { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${error?.message ?? stderr}`)
}

/** The kernel gives the ports above to connections that go out, which would take one of these before it is listened on. */
const BELOW_OUTGOING = 32_768

/** Ports that nothing listens on, and that no connection that goes out is given. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  while (found.size < count) {
    const port = randomInt(20_000, BELOW_OUTGOING)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.on('error', () => resolve(false))
      server.listen(port, '0.0.0.0', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    found.add(port)
  }
  return [...found]
}

const MOST_MS = 300_000

export async function until(is: () => boolean | Promise<boolean>, what: string, told: () => string = () => ''): Promise<void> {
  const began = performance.now()
  while (!(await is())) {
    if (performance.now() - began > MOST_MS) throw new Error(`${what} did not come: ${told()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
