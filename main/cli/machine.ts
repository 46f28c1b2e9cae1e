import { type Command, jsonLine } from './command'
import { figure } from '../text/format'
import { finishJob } from './follow-job'

export const machine: Command = {
  words: 'machine',
  description:
    'what this machine reaches in TensorFlow: arithmetic and memory, measured once; a run’s page tells how near its steps come',
  options: [{ name: 'again', description: 'measures it again' }],
  examples: ['normlab machine', 'normlab machine --again'],
  async run({ lab: open, words, output, json }) {
    const lab = open()
    const kept = words.flag('again') ? null : (await lab.request('lab.limits', {})).limits
    const limits =
      kept ?? (await finishJob(output, json, (tell) => lab.start('lab.measure-limits', {}, tell), 'nothing was kept'))
    const { flopsPerSecond, bytesPerSecond, threads, processor } = limits
    output.print(
      json
        ? jsonLine(limits)
        : `${figure(flopsPerSecond / 1e9)} GFLOP/s in products of matrices, ${figure(bytesPerSecond / 1e9)} GB/s of memory; ` +
            `single precision, ${threads} threads, ${processor}.\n`,
    )
    return 0
  },
}
