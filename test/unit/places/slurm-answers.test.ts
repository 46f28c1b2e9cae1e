import { describe, expect, it } from 'vitest'
import { configNumber, firstGap, isFull, isSilent, jobName, readAccounting, readDetails, readJob, readMarkers, readQueue } from '../../../main/places/slurm/answers' // prettier-ignore
import { taskOptions, taskScript, writeScript } from '../../../main/places/slurm/task-script'
import { quoted } from '../../../main/places/task'
import { PlaceProfile, SlurmProfile } from '../../../shared/places/profile'

/** As Slurm 22.05 prints them. */
const QUEUE = '7|0|RUNNING|None\n7|1|PENDING|Resources\n9|3|PENDING|BeginTime\n8|0|RUNNING|None\n'
const DETAILS =
  'JobId=7 ArrayJobId=7 ArrayTaskId=0 JobName=n UserId=a(1) JobState=COMPLETED Reason=None Dependency=(null) Requeue=1\n' +
  'JobId=12 ArrayJobId=9 ArrayTaskId=2 JobName=n UserId=a(1) JobState=NODE_FAIL Reason=NodeDown Dependency=(null)\n'
const jobs = [
  { id: 7, first: 0, count: 3 },
  { id: 9, first: 3, count: 4 },
]

describe('what Slurm says', () => {
  it('is read of the cells of a grid, whichever array has them', () => {
    expect([...readQueue(QUEUE, jobs)]).toEqual([
      [0, { state: 'runs', words: 'RUNNING' }],
      [1, { state: 'waits', words: 'PENDING (Resources)' }],
      [6, { state: 'waits', words: 'PENDING (BeginTime)' }],
    ])
    expect([...readDetails(DETAILS, jobs)]).toEqual([
      [0, { state: 'gone', words: 'COMPLETED' }],
      [5, { state: 'gone', words: 'NODE_FAIL (NodeDown)', why: 'place' }],
    ])
    expect([...readAccounting('7_2|OUT_OF_MEMORY|None\n9_0|CANCELLED by 1000|None\n9_[1-3]|PENDING|None\n', jobs)]).toEqual([
      [2, { state: 'gone', words: 'OUT_OF_MEMORY' }],
      [3, { state: 'gone', words: 'CANCELLED by 1000', why: 'cancelled' }],
    ])
  })

  it('tells a full queue and a silent controller from a refusal', () => {
    expect(isFull('sbatch: error: QOSMaxSubmitJobPerUserLimit')).toBe(true)
    expect(
      isFull('sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user’s size)'),
    ).toBe(true)
    expect(isFull('sbatch: error: invalid partition specified: gpus')).toBe(false)
    expect(isSilent('squeue: error: Unable to contact slurm controller (connect failure)')).toBe(true)
    expect(isSilent('slurm_load_jobs error: Invalid job id specified')).toBe(false)
    expect(configNumber('MaxArraySize            = 1001\nMaxJobCount             = 10000\n', 'MaxArraySize')).toBe(1001)
  })

  it('names arrays by what their markers say, and finds the cells that none has', () => {
    const marked = readMarkers('noise of a login shell\njob-0-3 7\njob-3-4 9\n')
    expect(marked).toEqual(jobs)
    expect(readJob(jobName(jobs[1]!))).toEqual(jobs[1])
    expect(firstGap(marked, 7)).toBeUndefined()
    expect(firstGap(marked, 9)).toEqual({ first: 7, count: 2 })
    expect(firstGap([jobs[1]!], 7)).toEqual({ first: 0, count: 3 })
    expect(firstGap([], 2000)).toEqual({ first: 0, count: 2000 })
  })
})

describe('a profile', () => {
  const least = { kind: 'slurm', name: 'hpc', host: 'login.example.org' }

  it('takes no host, user or folder that a program or a shell would take for something else', () => {
    expect(PlaceProfile.safeParse(least).success).toBe(true)
    for (const wrong of [
      { host: '-oProxyCommand=touch x' },
      { host: 'a b' },
      { user: '-l' },
      { folder: '$(touch x)' },
      { folder: '../../etc' },
      { folder: '-rf' },
      { partition: 'a;b' },
      { modules: ['cuda; rm'] },
      { command: 'normlab\nrm x' },
      { name: '../x' },
    ])
      expect(PlaceProfile.safeParse({ ...least, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
  })

  it('becomes the options and the script of a task', () => {
    const profile = SlurmProfile.parse({
      ...least,
      ...{ partition: 'gpu', account: 'abc', minutes: 90, cpus: 8, gpus: 1, memory: 16_000, modules: ['cuda/12.4'] },
      ...{ container: 'apptainer exec --nv n.sif', command: 'normlab' },
    })
    expect(taskOptions(profile)).toEqual(
      expect.arrayContaining(['--partition=gpu', '--account=abc', '--time=90', '--cpus-per-task=8', '--gres=gpu:1', '--mem=16000M', '--requeue', '--signal=B:USR1@90']), // prettier-ignore
    )
    const script = taskScript(profile, true)
    expect(script).toMatch(/^#!\/bin\/bash -l\n/)
    expect(script).toContain('module load cuda/12.4 || exit 1\napptainer exec --nv n.sif normlab cell cells.json "$cell" --home')
    expect(quoted(`it's`)).toBe(`'it'\\''s'`)
    expect(writeScript('a', 'text')).toMatch(/^cat > a\.part <<'(\S+)'\ntext\n\1\nmv a\.part a$/)
  })
})
