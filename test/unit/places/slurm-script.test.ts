import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { taskOptions, taskScript } from '../../../main/places/slurm/task-script'
import { SlurmProfile } from '../../../shared/places/profile'

const least = { kind: 'slurm', name: 'hpc', host: 'login.example.org' }
const whole = SlurmProfile.parse({
  ...least,
  ...{ partition: 'gpu', account: 'abc', minutes: 90, cpus: 8, gpus: 2, memory: 16_000, modules: ['cuda/12.4', 'gcc/13'] },
  ...{ container: `apptainer exec --nv --bind "/my data" n.sif`, command: 'normlab' },
})

/** As it stands in the folder of a grid, to the letter: what runs on clusters is not changed by the way. */
const SCRIPT = `#!/bin/bash -l
# Written by NormLab: trains one cell of the grid in this folder. $1 is the first cell of the array.
cell=$(($1 + SLURM_ARRAY_TASK_ID))
folder=cell-$cell
mkdir -p "$folder/home"
ln -sfn "../task-\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}.out" "$folder/output"
[ -e "$folder/end" ] && exit 0
[ -e "$folder/cancelled" ] || [ -e cancelled ] && exit 0
[ -e "$folder/home/datasets" ] || ln -s ../../../../datasets "$folder/home/datasets"
module load cuda/12.4 gcc/13 || exit 1
apptainer exec --nv --bind "/my data" n.sif normlab cell cells.json "$cell" --home "$folder/home" --out "$folder" &
child=$!
told= again=
leave() { [ "$told" ] || kill -TERM $child; told=1; }
trap 'again=1; leave' USR1
trap leave TERM
while kill -0 $child 2>/dev/null; do wait $child; done
wait $child; status=$?
[ "$again" ] && { [ $status -eq 75 ] || [ $status -gt 128 ]; } && for pause in 0 1 2 4 8 16 32; do
  sleep $pause; scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" && break
done
exit $status
`

describe.skipIf(process.platform === 'win32')('what a task of Slurm’s runs', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'normlab-task-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  /** The script in bash, as the second task of an array that begins with cell 3. @param before Shell lines in front of it. */
  const run = (profile: SlurmProfile, before = '') => {
    const env = { PATH: process.env['PATH'], SLURM_ARRAY_JOB_ID: '7', SLURM_ARRAY_TASK_ID: '1' }
    const { status, stdout, stderr } = spawnSync('bash', ['-s', '3'], { cwd: folder, env, input: `${before}\n${taskScript(profile, false)}`, encoding: 'utf8' }) // prettier-ignore
    return { status, stdout, stderr }
  }

  it('is this script, and sbatch is told this', () => {
    expect(taskScript(whole, true)).toBe(SCRIPT)
    expect(taskOptions(whole)).toEqual([
      ...['--partition=gpu', '--account=abc', '--time=90', '--nodes=1', '--ntasks=1', '--cpus-per-task=8', '--gres=gpu:2'],
      ...['--mem=16000M', '--requeue', '--signal=B:USR1@90', '--open-mode=append', '--output=task-%A_%a.out'],
    ])
    const picky = { ...least, gpus: 1, gpuType: 'a100', qos: 'long', constraint: 'a100|h100' }
    expect(taskOptions(SlurmProfile.parse(picky)).filter((option) => /gres|qos|constraint/.test(option))).toEqual([
      ...['--qos=long', '--constraint=a100|h100', '--gres=gpu:a100:1'],
    ])
    expect(SlurmProfile.safeParse({ ...least, gpuType: 'a100' }).success).toBe(false)
    expect(SlurmProfile.safeParse({ ...least, constraint: 'a b' }).success).toBe(false)
    expect(taskOptions(SlurmProfile.parse(least))).toEqual([
      ...['--time=60', '--nodes=1', '--ntasks=1', '--cpus-per-task=1'],
      ...['--requeue', '--signal=B:USR1@90', '--open-mode=append', '--output=task-%A_%a.out'],
    ])
  })

  it('is a script to bash, whatever the profile', () => {
    for (const profile of [
      whole,
      SlurmProfile.parse(least),
      SlurmProfile.parse({ ...least, command: `sh -c 'echo "a b"; exit 3'` }),
    ])
      for (const hasDatasets of [true, false]) {
        const { status, stderr } = spawnSync('bash', ['-n'], { input: taskScript(profile, hasDatasets), encoding: 'utf8' })
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      }
  })

  it('loads the modules and runs its cell in the container, whose words stay as they were quoted', () => {
    const profile = { ...whole, container: `env -- "A=my data"`, command: `sh -c 'echo "$A:" "$@"' normlab` }
    expect(run(profile, 'module() { echo "module $*"; }')).toEqual({
      ...{ status: 0, stderr: '' },
      stdout: 'module load cuda/12.4 gcc/13\nmy data: cell cells.json 4 --home cell-4/home --out cell-4\n',
    })
    expect(existsSync(path.join(folder, 'cell-4/home'))).toBe(true)
    expect(run(profile, 'module() { echo "no such module" >&2; return 1; }')).toEqual({ status: 1, stdout: '', stderr: 'no such module\n' }) // prettier-ignore
  })

  it('runs nothing for a cell that has ended or was cancelled', () => {
    const profile = SlurmProfile.parse({ ...least, command: 'echo ran' })
    for (const file of ['cell-4/end', 'cell-4/cancelled', 'cancelled']) {
      mkdirSync(path.join(folder, 'cell-4'), { recursive: true })
      writeFileSync(path.join(folder, file), '')
      expect(run(profile), file).toEqual({ status: 0, stdout: '', stderr: '' })
      rmSync(path.join(folder, file))
    }
    expect(run(profile).stdout).toContain('ran')
  })

  it('ends after its step when Slurm says that its time is nearly over, and goes into the queue again only where it can go on', () => {
    // A training that takes the signal a moment later, and the status that says whether it can go on.
    const profile = (status: number) =>
      SlurmProfile.parse({
        ...least,
        command: `sh -c 'trap "sleep 0.2; exit ${status}" TERM; : > ready; while :; do sleep 0.05; done'`,
      })
    const queue = 'scontrol() { echo "$*" >> queue; }; (until [ -e ready ]; do sleep 0.05; done; rm ready; kill -USR1 $$) &'
    expect(run(profile(75), queue)).toMatchObject({ status: 75, stderr: '' })
    expect(readFileSync(path.join(folder, 'queue'), 'utf8')).toBe('requeue 7_1\n')
    rmSync(path.join(folder, 'queue'))
    // The shell is slow to attend to the signal: the training has ended by then, and how is not forgotten.
    const slow = `${queue} kill() { builtin kill "$@" || return; case $1 in -TERM) sleep 0.6 ;; esac; }`
    expect(run(profile(75), slow)).toMatchObject({ status: 75 })
    expect(readFileSync(path.join(folder, 'queue'), 'utf8')).toBe('requeue 7_1\n')
    rmSync(path.join(folder, 'queue'))
    // The controller is being started again.
    expect(run(profile(75), queue.replace('}', '[ -e asked ] || { : > asked; return 1; }; }'))).toMatchObject({ status: 75 })
    expect(readFileSync(path.join(folder, 'queue'), 'utf8')).toBe('requeue 7_1\nrequeue 7_1\n')
    rmSync(path.join(folder, 'queue'))
    // Told twice, as by a controller that was started again: the training is told once, and has its step and checkpoint.
    const hasty = SlurmProfile.parse({
      ...least,
      command: `sh -c 'trap "[ -e told ] && exit 9; : > told; sleep 0.2; exit 75" TERM; : > ready; while :; do sleep 0.05; done'`,
    })
    const twice = queue.replace('kill -USR1 $$', (kill) => `${kill}; sleep 0.1; ${kill}; kill -TERM $$`)
    expect(run(hasty, twice)).toMatchObject({ status: 75 })
    expect(readFileSync(path.join(folder, 'queue'), 'utf8')).toBe('requeue 7_1\n')
    rmSync(path.join(folder, 'queue'))
    expect(run(profile(143), queue)).toMatchObject({ status: 143 })
    expect(readFileSync(path.join(folder, 'queue'), 'utf8')).toBe('requeue 7_1\n')
    rmSync(path.join(folder, 'queue'))
    expect(run(profile(1), queue)).toMatchObject({ status: 1 })
    expect(existsSync(path.join(folder, 'queue'))).toBe(false)
  })
})
