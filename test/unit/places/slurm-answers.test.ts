import { describe, expect, it } from 'vitest'
import { configNumber, firstGap, isCrowded, isFull, isSilent, jobName, limitOf, readAccounting, readDetails, readJob, readMarkers, readQueue, readStates } from '../../../main/places/slurm/answers' // prettier-ignore
import { writeScript } from '../../../main/places/slurm/task-script'
import { quoted } from '../../../main/places/task'
import { PlaceProfile } from '../../../shared/places/profile'

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

  it('tells a task that left and can go on from one that failed', () => {
    const failed = (code: number): unknown[] => [
      readDetails(`JobId=7 ArrayJobId=7 ArrayTaskId=0 JobName=n JobState=FAILED Reason=NonZeroExitCode Dependency=(null) Requeue=1 Restarts=0 ExitCode=${code}:0 RunTime=00:00:02`, jobs).get(0), // prettier-ignore
      readAccounting(`7_0|FAILED|NonZeroExitCode|${code}:0\n`, jobs).get(0),
    ]
    // It can go on, or a signal ended it.
    for (const code of [75, 143]) {
      const told = { state: 'gone', words: `FAILED (NonZeroExitCode, status ${code})`, why: 'place' }
      expect(failed(code)).toEqual([told, told])
    }
    const told = { state: 'gone', words: 'FAILED (NonZeroExitCode, status 1)' }
    expect(failed(1)).toEqual([told, told])
    expect(readAccounting('7_0|CANCELLED by 1000|None|75:0\n', jobs).get(0)).toMatchObject({ why: 'cancelled' })
  })

  it('is of the queue while it waits or runs, and else of where its exit code is known', () => {
    const details = 'JobId=7 ArrayJobId=7 ArrayTaskId=0 JobName=n JobState=FAILED Reason=NonZeroExitCode Dependency=(null) ExitCode=75:0 RunTime=00:00:02' // prettier-ignore
    const of = (queue: string) => readStates({ queue, details, accounting: '' }, jobs).get(0)
    expect(of('7|0|FAILED|NonZeroExitCode\n')).toMatchObject({ state: 'gone', why: 'place' })
    expect(of('7|0|PENDING|Priority\n')).toMatchObject({ state: 'waits' })
    expect(readStates({ queue: '7|0|FAILED|NonZeroExitCode\n', details: '', accounting: '' }, jobs).get(0)).toEqual({
      state: 'gone',
      words: 'FAILED (NonZeroExitCode)',
    })
  })

  it('is read of each state that its accounting has', () => {
    // JOB STATE CODES of slurm.schedmd.com/sacct.html.
    const states: readonly (readonly [state: string, meaning: string])[] = [
      ...(['PENDING', 'REQUEUED', 'SUSPENDED'] as const).map((state) => [state, 'waits'] as const),
      ...(['RUNNING', 'RESIZING'] as const).map((state) => [state, 'runs'] as const),
      ...(['COMPLETED', 'FAILED', 'OUT_OF_MEMORY', 'DEADLINE', 'REVOKED'] as const).map((state) => [state, 'gone'] as const),
      ...(['BOOT_FAIL', 'NODE_FAIL', 'PREEMPTED', 'TIMEOUT'] as const).map((state) => [state, 'gone, place'] as const),
      ...(['CANCELLED', 'CANCELLED by 1000'] as const).map((state) => [state, 'gone, cancelled'] as const),
    ]
    const text = states.map(([state], task) => `20_${task}|${state}|None\n`).join('')
    // The whole job's own line, those of its steps, and of tasks that have not begun are no cell's.
    const others = '20_[15-99%4]|PENDING|Resources\n20_0.batch|COMPLETED|\n21|COMPLETED|None\n'
    const told = readAccounting(others + text, [{ id: 20, first: 0, count: states.length }])
    expect([...told.values()].map(({ state, why }) => [state, why].filter(Boolean).join(', '))).toEqual(states.map(([, meaning]) => meaning)) // prettier-ignore
  })

  it('tells a full queue and a silent controller from a refusal', () => {
    const denied = (limit: string): string =>
      `sbatch: error: ${limit}\nsbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)`
    // Names of Slurm's page of reasons: slurm.schedmd.com/job_reason_codes.html.
    for (const limit of [
      'AssocMaxSubmitJobLimit',
      'AssocGrpSubmitJobsLimit',
      'QOSMaxSubmitJobPerUserLimit',
      'QOSGrpSubmitJobsLimit',
      'MaxSubmitJobsPerAccount',
      'AssocMaxJobsLimit',
      'QOSMaxJobsPerUserLimit',
    ])
      // prettier-ignore
      expect(isFull(denied(limit)), limit).toBe(true)
    // Who waits for these waits for ever.
    for (const limit of ['AssocMaxWallDurationPerJobLimit', 'QOSMaxCpuPerJobLimit', 'QOSMinGRES', 'AssocGrpCPUMinutesLimit']) {
      expect(isFull(denied(limit)), limit).toBe(false)
      expect(limitOf(denied(limit))).toBe(limit)
    }
    expect(isFull(denied('AccountingPolicy'))).toBe(true)
    expect(isFull('sbatch: error: invalid partition specified: gpus')).toBe(false)
    const crowded = 'sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying'
    expect([isCrowded(crowded), isFull(crowded), isCrowded(denied('AssocMaxSubmitJobLimit'))]).toEqual([true, true, false])
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

  it('is written into scripts as whole words, and files as they are', () => {
    expect(quoted(`it's`)).toBe(`'it'\\''s'`)
    expect(writeScript('a', 'text')).toMatch(/^cat > a\.part <<'(\S+)'\ntext\n\1\nmv a\.part a$/)
  })
})
