import { CAN_GO_ON } from '../../../shared/places/cell-log'
import type { SlurmProfile } from '../../../shared/places/profile'
import { cellFolder, programOf } from '../task'

/** Slurm tells a task this long before its time is over, seconds: enough for a step and a checkpoint of large networks. */
const WARNING_S = 90

/**
 * What each task of a grid runs. Slurm's USR1 reaches this script alone (B:); it tells NormLab to end after its step, with a checkpoint, and puts the
 * task into the queue again. Whatever comes in between (a node that fails, a task that is killed), the next start goes on from what is in the cell's folder.
 */
export function taskScript({ modules, ...profile }: SlurmProfile, hasDatasets: boolean): string {
  return [
    '#!/bin/bash -l',
    '# Written by NormLab: trains one cell of the grid in this folder. $1 is the first cell of the array.',
    'cell=$(($1 + SLURM_ARRAY_TASK_ID))',
    `folder=${cellFolder('$cell')}`,
    'mkdir -p "$folder/home"',
    // Before anything that may go wrong: it is what the user is shown then.
    'ln -sfn "../task-${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}.out" "$folder/output"',
    '[ -e "$folder/end" ] && exit 0',
    '[ -e "$folder/cancelled" ] || [ -e cancelled ] && exit 0',
    ...(hasDatasets ? ['[ -e "$folder/home/datasets" ] || ln -s ../../../../datasets "$folder/home/datasets"'] : []),
    ...(modules.length > 0 ? [`module load ${modules.join(' ')} || exit 1`] : []),
    `${programOf(profile)} cell cells.json "$cell" --home "$folder/home" --out "$folder" &`,
    'child=$!',
    // Once, however often it is told (a controller that is started again says it twice): the second time NormLab would leave at once, without a checkpoint.
    'told= again=',
    'leave() { [ "$told" ] || kill -TERM $child; told=1; }',
    "trap 'again=1; leave' USR1",
    'trap leave TERM',
    // A signal ends the waiting, not the child; which may end while the signal is attended to, and the shell remembers how.
    'while kill -0 $child 2>/dev/null; do wait $child; done',
    'wait $child; status=$?',
    // A controller that is being started again takes no word for some seconds.
    // One that a signal ended goes on from its last checkpoint.
    `[ "$again" ] && { [ $status -eq ${CAN_GO_ON} ] || [ $status -gt 128 ]; } && for pause in 0 1 2 4 8 16 32; do`,
    '  sleep $pause; scontrol requeue "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" && break',
    'done',
    'exit $status',
    '',
  ].join('\n')
}

/** What sbatch is told of each task. */
export function taskOptions(profile: SlurmProfile): string[] {
  const { partition, account, qos, constraint, minutes, cpus, gpus, gpuType, memory } = profile
  return [
    ...Object.entries({ partition, account, qos, constraint }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}=${value}`],
    ),
    ...[`--time=${minutes}`, '--nodes=1', '--ntasks=1', `--cpus-per-task=${cpus}`],
    ...(gpus > 0 ? [`--gres=gpu:${gpuType === undefined ? '' : `${gpuType}:`}${gpus}`] : []),
    ...(memory === undefined ? [] : [`--mem=${memory}M`]),
    ...['--requeue', `--signal=B:USR1@${WARNING_S}`, '--open-mode=append', '--output=task-%A_%a.out'],
  ]
}

/** Shell lines that write a file whole or not at all. The text may hold anything but the line that ends it. */
export function writeScript(file: string, text: string): string {
  const end = `NORMLAB-END-${text.length}-OF-FILE`
  return `cat > ${file}.part <<'${end}'\n${text}\n${end}\nmv ${file}.part ${file}`
}
