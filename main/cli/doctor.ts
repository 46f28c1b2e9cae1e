import { UserError } from '../../shared/errors'
import type { Check } from '../../shared/api'
import { type Command, jsonLine } from './command'
import { finishJob } from './follow-job'

function line({ name, ok, optional, detail, remedy }: Check): string {
  const state = ok ? 'ok     ' : optional ? 'without' : 'missing'
  return `${state}  ${name}: ${detail}${remedy ? `\n         → ${remedy}` : ''}\n`
}

export const doctor: Command = {
  words: 'doctor',
  description: 'TensorFlow and its devices, threads, Electron, the data folder, and what is missing',
  options: [
    {
      name: 'self-test',
      description: 'tests instead: files as shipped, three steps of a known network, the run store, the pages',
    },
    { name: 'repair', description: 'takes damaged engines away, mends a damaged run store, and tests behind it' },
  ],
  examples: ['normlab doctor', 'normlab doctor --self-test', 'normlab doctor --repair'],
  async run({ engine, words, output, json }) {
    if (words.flag('self-test') && words.flag('repair'))
      throw new UserError('a repair tests by itself', { place: '--self-test', remedy: 'give one of the two' })
    const show = (checks: readonly Check[]): void => {
      for (const check of checks) output.print(json ? jsonLine(check) : line(check))
    }
    if (words.flag('self-test')) {
      const { checks, ok } = await finishJob(output, json, (tell) => engine().start('lab.self-test', {}, tell))
      show(checks)
      return ok ? 0 : 1
    }
    if (words.flag('repair')) {
      const { did, test } = await finishJob(
        output,
        json,
        (tell) => engine().start('lab.repair', {}, tell),
        'what was mended by then stays so',
      )
      for (const what of did) output.print(json ? jsonLine({ did: what }) : `${what}\n`)
      if (did.length === 0 && !json) output.print('There was nothing to mend.\n')
      show(test.checks)
      return test.ok ? 0 : 1
    }
    const { checks } = await engine().request('lab.doctor', {})
    show(checks)
    return checks.every(({ ok, optional }) => ok || optional) ? 0 : 1
  },
}
